import { BylineField } from '../form/byline-field.js';
import { CapturesField } from '../form/captures-field.js';
import { Field } from '../form/field.js';
import { useForm } from '../form/form.js';
import type { Capturing } from '../form/use-capturing.js';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at } from '../form-model/values.js';

const supersedes: FieldModel = { name: 'supersedes', label: 'Supersedes', required: false, type: 'development' };
const until: FieldModel & { type: 'instant' } = { name: 'until', label: 'Lifts at', required: false, type: 'instant' };

/** Asks whether readers see the content only later: at a time, or when a person lifts the embargo. */
function Embargoed({ offered }: { offered: boolean }) {
  const form = useForm();
  if (!offered) return null;
  const on = at(form.value, ['embargo']) !== undefined;
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={on}
          onChange={e => form.put(['embargo'], e.currentTarget.checked ? {} : undefined)}
        />
        Embargo: readers see nothing of it yet
      </label>
      {on && (
        <Field field={{ ...until, hint: 'Without a time, somebody has to lift it.' }} path={['embargo', 'until']} />
      )}
    </>
  );
}

/** The headline, and for a new development the choices beside it. */
export function More(props: {
  others: readonly FieldModel[];
  own: string | undefined;
  fresh: boolean;
  lifts: boolean;
  capturing: Capturing | undefined;
}) {
  const { others, own, fresh, lifts, capturing } = props;
  const form = useForm();
  return (
    <>
      {others.map(field =>
        field.name === 'byline' && field.type === 'list' ? (
          <BylineField key={field.name} field={field} path={['content', field.name]} own={own} />
        ) : field.name === 'captures' && field.type === 'list' ? (
          <CapturesField key={field.name} field={field} capturing={capturing} />
        ) : (
          <Field key={field.name} field={field} path={['content', field.name]} />
        ),
      )}
      {fresh && (
        <>
          <Field field={supersedes} path={['supersedes']} />
          <label class="check">
            <input
              type="checkbox"
              checked={at(form.value, ['key']) === true}
              onChange={e => form.put(['key'], e.currentTarget.checked || undefined)}
            />
            Key event
          </label>
          <Embargoed offered={lifts} />
        </>
      )}
    </>
  );
}

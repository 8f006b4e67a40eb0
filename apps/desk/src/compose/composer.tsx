import { useMemo } from 'preact/hooks';
import { formOf, type Field as FieldModel } from '../form-model/fields.js';
import { at, isRecord, put, type Value } from '../form-model/values.js';
import type { Catalogue } from '../contracts.js';
import type { Draft } from '../drafts.js';
import { Field } from '../form/field.js';
import { FormContext, useForm, type Form } from '../form/form.js';
import type { Choice } from '../match.js';
import { Combobox } from '../ui/combobox.js';
import { ModalityFields, SourcingFields } from './known.js';

interface Props {
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly form: Omit<Form, 'name' | 'value' | 'put'>;
  readonly conditions: readonly Choice[];
  readonly onChange: (value: Value) => void;
}

const text = (name: string, label: string, hint: string): FieldModel => ({
  name,
  label,
  hint,
  required: true,
  type: 'text',
  max: 1_000,
});
const corrected = [
  text('wrong', 'What was wrong', 'Readers see this next to the correction.'),
  text('reason', 'Why', 'How the desk found out; readers see this too.'),
];
const supersedes: FieldModel = { name: 'supersedes', label: 'Supersedes', required: false, type: 'development' };

const isGroup = (field: FieldModel | undefined): field is FieldModel & { type: 'group' } => field?.type === 'group';

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

/** Converts a content to another kind. Fields that both kinds have keep their values. */
export function ofKind(value: Value, kind: string, catalogue: Catalogue): Value {
  const { modes } = catalogue.kinds.find(entry => entry.kind === kind)!;
  const mode = at(value, ['content', 'modality', 'mode']);
  const only = modes.length === 1 ? modes[0] : undefined;
  const names = new Set(formOf(catalogue.content, kind)?.own.map(({ name }) => name));
  const data = at(value, ['content', 'data']) ?? {};
  const common = isRecord(data) ? Object.fromEntries(Object.entries(data).filter(([name]) => names.has(name))) : {};
  const changed = put(put(value, ['content', 'kind'], kind), ['content', 'data'], common);
  if (mode !== undefined && modes.some(allowed => allowed === mode)) return changed;
  return put(
    changed,
    ['content', 'modality'],
    only === 'conditional' ? { mode: only, conditions: [] } : { mode: only ?? modes[0] },
  );
}

/** The form for a new or a corrected development, built from its kind's schema. */
export function Composer({ draft, catalogue, form: around, conditions, onChange }: Props) {
  const { value } = draft;
  const kind = at(value, ['content', 'kind']);
  const model = useMemo(
    () => (typeof kind === 'string' ? formOf(catalogue.content, kind) : undefined),
    [catalogue, kind],
  );
  const form: Form = { ...around, name: 'draft', value, put: (path, inner) => onChange(put(value, path, inner)) };
  const kinds = catalogue.kinds.map(({ kind, title }) => ({ id: kind, label: title }));
  const title = catalogue.kinds.find(entry => entry.kind === kind)?.title;
  const common = (name: string) => model?.common.find(field => field.name === name);
  const [sourcing, modality, occurred] = [common('sourcing'), common('modality'), common('occurred')];
  const others = model?.common.filter(field => field !== sourcing && field !== modality && field !== occurred) ?? [];
  const show = (field: FieldModel, ...path: string[]) => (
    <Field key={field.name} field={field} path={[...path, field.name]} />
  );

  return (
    <FormContext.Provider value={form}>
      <div class="row is-kind">
        <label for="draft-kind">What happened</label>
        <div>
          {title && <strong class="kind-chosen">{title}</strong>}
          <Combobox
            id="draft-kind"
            eager
            limit={40}
            choices={kinds}
            placeholder={title ? 'change the kind' : 'Arrival, statement, outcome …'}
            onPick={({ id }) => {
              onChange(ofKind(value, id, catalogue));
              setTimeout(() => focusFirst('content.sourcing.basis'));
            }}
          />
        </div>
      </div>
      {model && (
        <>
          {draft.act === 'correct' && (
            <section aria-label="The correction">{corrected.map(field => show(field))}</section>
          )}
          <section aria-label="How it is known" class="how">
            {isGroup(sourcing) && <SourcingFields field={sourcing} path={['content', 'sourcing']} />}
            {isGroup(modality) && (
              <ModalityFields
                field={modality}
                path={['content', 'modality']}
                modes={catalogue.kinds.find(entry => entry.kind === kind)!.modes}
                conditions={conditions}
              />
            )}
          </section>
          <section aria-label={title}>{model.own.map(field => show(field, 'content', 'data'))}</section>
          <section aria-label="When">{occurred && show({ ...occurred, label: 'When, to the' }, 'content')}</section>
          <section aria-label="In words">
            {others.map(field => show(field, 'content'))}
            {draft.act === 'record' && (
              <>
                {show(supersedes)}
                <label class="check">
                  <input
                    type="checkbox"
                    checked={at(value, ['key']) === true}
                    onChange={e => form.put(['key'], e.currentTarget.checked || undefined)}
                  />
                  Key event
                </label>
                <Embargoed offered={catalogue.acts.some(({ act }) => act === 'lift')} />
              </>
            )}
          </section>
        </>
      )}
    </FormContext.Provider>
  );
}

/** Focuses the field, the first field inside it, or the group around it. Returns whether one was found. */
export function focusFirst(field: string): boolean {
  const row = (document.querySelector('dialog[open]') ?? document).querySelector(
    `[data-field="${CSS.escape(field).replaceAll('\\.', '.')}"]`,
  );
  const control = row?.querySelector<HTMLElement>('input, select, textarea');
  (control ?? (row as HTMLElement | null))?.focus();
  const around = field.split('.').slice(0, -1).join('.');
  return row !== null || (around !== '' && focusFirst(around));
}

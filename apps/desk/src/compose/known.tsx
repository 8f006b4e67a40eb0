import type { Field as FieldModel } from '../form-model/fields.js';
import { at, type Path } from '../form-model/values.js';
import { ChoiceField } from '../form/choice-field.js';
import { Field } from '../form/field.js';
import { useForm } from '../form/form.js';
import { Labelled } from '../form/labelled.js';
import type { Choice } from '../match.js';
import { Conditions } from './conditions.js';

type Group = FieldModel & { type: 'group' };

/** Labels of these fields in an editor's words. Other fields use their own names. */
const asked: Record<string, string> = {
  basis: 'Known from',
  standing: 'How sure',
  actor: 'Source',
  group: 'Source, described',
  mode: 'Stated as',
};
const inWords = <Model extends FieldModel>(field: Model): Model => ({
  ...field,
  label: asked[field.name] ?? field.label,
});

const isFilled = (value: unknown) => value !== undefined && value !== '';

/** The source and the certainty of a development. Only the permitted details of a source are asked for. */
export function SourcingFields({ field, path }: { field: Group; path: Path }) {
  const form = useForm();
  const { value } = form;
  const has = (name: string) => isFilled(at(value, [...path, name]));
  const basis = at(value, [...path, 'basis']);
  const hidden = new Set([
    ...(basis === 'anonymous' && !has('actor') ? ['actor'] : []),
    ...((basis === 'on-record' || has('actor')) && !has('group') ? ['group'] : []),
  ]);
  return field.fields
    .filter(({ name }) => !hidden.has(name))
    .map(inner => <Field key={inner.name} field={inWords(inner)} path={[...path, inner.name]} />);
}

/** The modality: a fact, a plan, a denial or a condition, as the kind permits. */
export function ModalityFields({
  field,
  path,
  modes,
  conditions,
}: {
  field: Group;
  path: Path;
  modes: readonly string[];
  conditions: readonly Choice[];
}) {
  const form = useForm();
  const mode = at(form.value, [...path, 'mode']);
  return field.fields.map(inner => {
    const at = [...path, inner.name];
    if (inner.type === 'list')
      return mode === 'conditional' && <Conditions key={inner.name} path={at} known={conditions} />;
    if (inner.type !== 'choice') return <Field key={inner.name} field={inner} path={at} />;
    const only = (option: string) =>
      form.put(path, option === 'conditional' ? { mode: option, conditions: [] } : { mode: option });
    return (
      <Labelled key={inner.name} field={inWords(inner)} path={at} group>
        <ChoiceField field={inner} path={at} allowed={modes} onPick={only} />
      </Labelled>
    );
  });
}

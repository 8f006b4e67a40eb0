import { useState } from 'preact/hooks';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at, put, type Path, type Value } from '../form-model/values.js';
import { begunWith, isAgency, namingOf, type Naming } from '../kind/byline.js';
import { Field } from './field.js';
import { idOf, useForm } from './form.js';
import { Labelled } from './labelled.js';

type List = FieldModel & { type: 'list' };

/** Who wrote: the poster, people and agencies whom the editor names, or nobody. What was typed is kept while another choice is tried. */
export function BylineField({ field, path, own }: { field: List; path: Path; own: string | undefined }) {
  const form = useForm();
  const value = at(form.value, path);
  const naming = namingOf(value, own);
  const [typed, setTyped] = useState<Value>();
  const choose = (next: Naming) => {
    if (naming === 'names') setTyped(value);
    form.put(path, { own: undefined, names: typed ?? begunWith(own), nobody: [] }[next]);
  };
  const choices: readonly (readonly [Naming, string])[] = [
    ...(own === undefined ? [] : [['own', `By ${own}`] as const]),
    ['names', own === undefined ? 'By …' : 'By others, or with role and place'],
    ['nobody', 'No byline'],
  ];
  return (
    <Labelled field={{ ...field, hint: 'Readers see it below the headline.' }} path={path} group>
      <div class="segments">
        {choices.map(([choice, label]) => (
          <label key={choice}>
            <input type="radio" name={idOf(form, path)} checked={naming === choice} onChange={() => choose(choice)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {naming === 'names' && <Names {...{ field, path, own }} />}
    </Labelled>
  );
}

/** The people and agencies, each with the fields that it may have. */
function Names({ field, path, own }: { field: List; path: Path; own: string | undefined }) {
  const form = useForm();
  const value = at(form.value, path);
  const names = Array.isArray(value) ? (value as readonly Value[]) : [];
  const add = (signature: Value) => form.put([...path, names.length], signature);
  const remove = (gone: number) => {
    const rest = names.filter((_, n) => n !== gone);
    form.put(path, rest.length > 0 || own === undefined ? rest : undefined);
  };
  return (
    <>
      {names.map((signature, n) => {
        const what = isAgency(signature) ? 'Agency' : 'Person';
        const hidden = isAgency(signature) ? ['as', 'role'] : ['as'];
        return (
          <div key={n} class="item" role="group" aria-label={`${what} ${n + 1}`}>
            <div>
              {field.fields
                .filter(({ name }) => !hidden.includes(name))
                .map(inner => (
                  <Field key={inner.name} field={inner} path={[...path, n, inner.name]} />
                ))}
            </div>
            <button
              type="button"
              class="button-quiet"
              aria-label={`Remove ${what.toLowerCase()} ${n + 1}`}
              onClick={() => remove(n)}
            >
              ✕
            </button>
          </div>
        );
      })}
      {names.length < field.max && (
        <p class="buttons">
          <button type="button" class="button-quiet add" onClick={() => add({})}>
            + Person
          </button>
          <button type="button" class="button-quiet add" onClick={() => add(put({}, ['as'], 'agency'))}>
            + Agency
          </button>
        </p>
      )}
    </>
  );
}

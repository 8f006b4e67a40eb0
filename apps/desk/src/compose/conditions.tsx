import { at, without, type Path, type Value } from '../form-model/values.js';
import { described, errorAt, idOf, useForm } from '../form/form.js';
import { saidOf } from '../form/said.js';
import type { Choice } from '../match.js';
import { newConditionId } from '../condition-id.js';
import { Combobox } from '../ui/combobox.js';

/** Chooses a development's conditions: those of the story, or a new one in the editor's words. */
export function Conditions({ path, known }: { path: Path; known: readonly Choice[] }) {
  const form = useForm();
  const given = at(form.value, path);
  const chosen = (Array.isArray(given) ? given : []) as readonly { id?: string; text?: string }[];
  const id = idOf(form, path);
  const add = (condition: { id: string; text: string }) => form.put(path, [...chosen, condition] as Value);
  const error = errorAt(form, path) ?? form.errors.find(({ field }) => field.startsWith(path.join('.')));
  const fresh = (typed: string) => ({
    label: `New condition: if ${typed}`,
    onPick: () => add({ id: newConditionId(), text: typed }),
  });
  return (
    <div class="row" data-field={path.join('.')}>
      <label for={id}>If</label>
      <div>
        <div class="chosen-box">
          {chosen.map(({ id, text }, index) => (
            <span class="chosen" key={id}>
              {text}
              <button
                type="button"
                aria-label={`Remove: if ${text}`}
                onClick={() => form.put(path, at(without(form.value, path, index), path))}
              >
                ✕
              </button>
            </span>
          ))}
          <Combobox
            id={id}
            eager
            choices={known.filter(({ id }) => !chosen.some(condition => condition.id === id))}
            placeholder={chosen.length > 0 ? 'and …' : 'the talks fail'}
            {...described(form, path, undefined)}
            onPick={choice => add({ id: choice.id, text: choice.label })}
            extra={fresh}
          />
        </div>
        {error && (
          <p class="error" id={`${id}-error`}>
            {saidOf({ name: 'conditions', label: 'The condition', type: 'list' }, error)}
          </p>
        )}
      </div>
    </div>
  );
}

import { at } from '../form-model/values.js';
import { Combobox } from '../ui/combobox.js';
import { described, drawNow, focusSoon, idOf, useForm, type FieldProps } from './form.js';

/** A chosen item with a button to remove it. */
function Chosen({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <span class="chosen">
      {label}
      <button type="button" aria-label={`Remove ${label}`} onClick={onRemove}>
        ✕
      </button>
    </span>
  );
}

/** Chooses one actor, or registers one. */
export function ActorField({ field, path }: FieldProps<'actor'>) {
  const form = useForm();
  const id = idOf(form, path);
  const value = at(form.value, path);
  const { register } = form;
  const put = (actor: string | undefined) => {
    drawNow(() => form.put(path, actor));
    // The chosen item replaces the focused input, and the other way round, so the focus moves.
    focusSoon(id);
  };
  if (typeof value === 'string' && value !== '')
    return (
      <div class="chosen-box" id={id} tabIndex={-1}>
        <Chosen label={form.actors.get(value)?.name ?? value} onRemove={() => put(undefined)} />
      </div>
    );
  return (
    <Combobox
      id={id}
      choices={form.choices.actors}
      placeholder="Name or alias"
      {...described(form, path, field.hint)}
      onPick={choice => put(choice.id)}
      {...(register && { extra: (typed: string) => newActor(typed, () => register(typed, put)) })}
    />
  );
}

const newActor = (typed: string, onPick: () => void) => ({ label: `Register “${typed}” …`, onPick });

/** Chooses several actors. */
export function ActorsField({ field, path }: FieldProps<'actors'>) {
  const form = useForm();
  const id = idOf(form, path);
  const given = at(form.value, path);
  const chosen = (Array.isArray(given) ? given : []) as readonly string[];
  const { register } = form;
  const put = (actors: readonly string[]) => {
    drawNow(() => form.put(path, actors));
    focusSoon(actors.length < field.max ? id : `${id}-chosen`);
  };
  const add = (actor: string) => put([...chosen.filter(other => other !== actor), actor]);
  const remove = (actor: string) => put(chosen.filter(other => other !== actor));
  const choices = form.choices.actors.filter(({ id }) => !chosen.includes(id));
  return (
    <div class="chosen-box" id={`${id}-chosen`} tabIndex={-1}>
      {chosen.map(actor => (
        <Chosen key={actor} label={form.actors.get(actor)?.name ?? actor} onRemove={() => remove(actor)} />
      ))}
      {chosen.length < field.max && (
        <Combobox
          id={id}
          choices={choices}
          placeholder={chosen.length > 0 ? 'and …' : 'Names or aliases'}
          {...described(form, path, field.hint)}
          onPick={choice => add(choice.id)}
          onBackspace={() => chosen.length > 0 && remove(chosen.at(-1)!)}
          {...(register && { extra: (typed: string) => newActor(typed, () => register(typed, add)) })}
        />
      )}
    </div>
  );
}

/** Chooses another development of the story. */
export function DevelopmentField({ field, path }: FieldProps<'development'>) {
  const form = useForm();
  const id = idOf(form, path);
  const value = at(form.value, path);
  const { developments } = form.choices;
  const put = (development: string | undefined) => {
    drawNow(() => form.put(path, development));
    focusSoon(id);
  };
  if (typeof value === 'string' && value !== '')
    return (
      <div class="chosen-box" id={id} tabIndex={-1}>
        <Chosen
          label={developments.find(choice => choice.id === value)?.label ?? value}
          onRemove={() => put(undefined)}
        />
      </div>
    );
  return (
    <Combobox
      id={id}
      choices={developments}
      eager
      placeholder="Words of its headline"
      onTyped={form.find}
      {...described(form, path, field.hint)}
      onPick={choice => put(choice.id)}
    />
  );
}

import type { ComponentChildren } from 'preact';
import { at, without, type Path, type Value } from '../../form/values.js';
import { labelOf, type Field as FieldModel } from '../../form/fields.js';
import { ActorField, ActorsField, DevelopmentField } from './actor-field.js';
import { described, errorOf, idOf, useForm } from './form.js';
import { instantIn, wallClock } from '../when.js';
import { WhenField } from './when-field.js';

type Of<Type extends FieldModel['type']> = FieldModel & { type: Type };
type Props<Type extends FieldModel['type']> = { field: Of<Type>; path: Path };

const text = (value: Value) => (value === undefined ? '' : String(value));

/** A row of the form: the label, the control, what is wrong with it, and what it is for. */
export function Labelled({
  field,
  path,
  children,
  group = false,
}: {
  field: FieldModel;
  path: Path;
  children: ComponentChildren;
  /** Several controls under one label. */
  group?: boolean;
}) {
  const form = useForm();
  const id = idOf(form, path);
  const error = errorOf(form, path, field.type === 'occurred' ? ['precision'] : []);
  const label = (
    <>
      {field.label}
      {field.required && (
        <span class="required">
          <span class="unseen"> required</span>
        </span>
      )}
    </>
  );
  const rest = (
    <>
      {children}
      {error && (
        <p class="error" id={`${id}-error`}>
          {field.label} {error.message}
          {error.allowed?.length ? ` (${error.allowed.slice(0, 8).join(', ')})` : ''}
        </p>
      )}
      {field.hint && (
        <p class="hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
    </>
  );
  if (!group)
    return (
      <div class={`row is-${field.type}`} data-field={path.join('.')}>
        <label for={id}>{label}</label>
        <div>{rest}</div>
      </div>
    );
  return (
    <fieldset class={`row is-${field.type}`} id={id} data-field={path.join('.')} tabIndex={-1}>
      <legend>{label}</legend>
      <div>{rest}</div>
    </fieldset>
  );
}

function TextField({ field, path }: Props<'line' | 'text' | 'slug' | 'number'>) {
  const form = useForm();
  const id = idOf(form, path);
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const common = { id, 'aria-invalid': invalid, 'aria-describedby': describedBy, value: text(value) };
  const put = (typed: string) => form.put(path, typed);
  if (field.type === 'number') {
    const number = (typed: string) => (typed === '' ? undefined : Number(typed));
    return <input {...common} type="number" step="any" onInput={e => form.put(path, number(e.currentTarget.value))} />;
  }
  if (field.type === 'text') {
    const rows = field.max > 2_000 ? 3 : 2;
    return <textarea {...common} rows={rows} maxLength={field.max} onInput={e => put(e.currentTarget.value)} />;
  }
  const used = field.type === 'slug' ? form.used(field.name) : [];
  return (
    <>
      <input
        {...common}
        type="text"
        maxLength={field.max}
        autocomplete="off"
        list={used.length > 0 ? `${id}-used` : undefined}
        onInput={e =>
          put(
            field.type === 'slug' ? e.currentTarget.value.toLowerCase().replace(/[\s_]+/g, '-') : e.currentTarget.value,
          )
        }
      />
      {used.length > 0 && (
        <datalist id={`${id}-used`}>
          {used.map(slug => (
            <option key={slug} value={slug} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A moment by the story's clocks. */
export function InstantField({ field, path }: Props<'instant'>) {
  const form = useForm();
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const shown = typeof value === 'string' ? wallClock(form.zone, Date.parse(value)) : undefined;
  const put = (typed: string) => {
    const [day, time] = typed.split('T');
    form.put(path, day && time ? instantIn(form.zone, day, time) : undefined);
  };
  return (
    <span class="moment">
      <input
        id={idOf(form, path)}
        type="datetime-local"
        value={shown && `${shown.day}T${shown.time.slice(0, 5)}`}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onInput={e => put(e.currentTarget.value)}
      />
      <small class="hint">Clocks of {form.zone.replaceAll('_', ' ')}</small>
    </span>
  );
}

/** Few options stand side by side, many in a list. */
export function ChoiceField({
  field,
  path,
  allowed,
  onPick,
}: Props<'choice'> & { allowed?: readonly string[]; onPick?: (option: string) => void }) {
  const form = useForm();
  const id = idOf(form, path);
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const options = field.options.filter(option => allowed?.includes(option) ?? true);
  const put = (option: string) => {
    form.put(path, option || undefined);
    onPick?.(option);
  };
  if (options.length > 6)
    return (
      <select
        id={id}
        value={text(value)}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onChange={e => put(e.currentTarget.value)}
      >
        <option value="">–</option>
        {options.map(option => (
          <option key={option} value={option}>
            {labelOf(option)}
          </option>
        ))}
      </select>
    );
  return (
    <div class="segments">
      {options.map((option, index) => (
        <label key={option}>
          <input
            type="radio"
            id={index === 0 ? `${id}-first` : undefined}
            name={id}
            value={option}
            checked={value === option}
            aria-describedby={describedBy}
            onChange={() => put(option)}
          />
          <span>{labelOf(option)}</span>
        </label>
      ))}
    </div>
  );
}

function ListField({ field, path }: Props<'list'>) {
  const form = useForm();
  const given = at(form.value, path);
  const items = Array.isArray(given) ? given : [];
  const count = Math.max(items.length, field.required ? Math.max(1, field.min) : 0);
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class="item" role="group" aria-label={`${field.label} ${index + 1}`}>
          <div>
            {field.fields.map(inner => (
              <Field key={inner.name} field={inner} path={[...path, index, inner.name]} />
            ))}
          </div>
          {items.length > 0 && (
            <button
              type="button"
              class="button-quiet"
              aria-label={`Remove ${field.label.toLowerCase()} ${index + 1}`}
              onClick={() => form.put(path, at(without(form.value, path, index), path))}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      {count < field.max && (
        <button type="button" class="button-quiet add" onClick={() => form.put([...path, count], {})}>
          + {field.label}
        </button>
      )}
    </>
  );
}

function LinesField({ field, path }: Props<'lines'>) {
  const form = useForm();
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const lines = Array.isArray(value) ? value.join('\n') : '';
  return (
    <textarea
      id={idOf(form, path)}
      rows={2}
      value={lines}
      placeholder="One on each line"
      aria-invalid={invalid}
      aria-describedby={describedBy}
      onInput={e => form.put(path, e.currentTarget.value.split('\n'))}
    />
  );
}

/** Any field of any schema. */
export function Field({ field, path }: { field: FieldModel; path: Path }) {
  switch (field.type) {
    case 'line':
    case 'text':
    case 'slug':
    case 'number':
      return (
        <Labelled {...{ field, path }}>
          <TextField field={field} path={path} />
        </Labelled>
      );
    case 'choice':
      return (
        <Labelled {...{ field, path }} group={field.options.length <= 6}>
          <ChoiceField field={field} path={path} />
        </Labelled>
      );
    case 'instant':
      return (
        <Labelled {...{ field, path }}>
          <InstantField field={field} path={path} />
        </Labelled>
      );
    case 'lines':
      return (
        <Labelled {...{ field, path }}>
          <LinesField field={field} path={path} />
        </Labelled>
      );
    case 'actor':
      return (
        <Labelled {...{ field, path }}>
          <ActorField field={field} path={path} />
        </Labelled>
      );
    case 'actors':
      return (
        <Labelled {...{ field, path }}>
          <ActorsField field={field} path={path} />
        </Labelled>
      );
    case 'development':
      return (
        <Labelled {...{ field, path }}>
          <DevelopmentField field={field} path={path} />
        </Labelled>
      );
    case 'occurred':
      return (
        <Labelled {...{ field, path }} group>
          <WhenField field={field} path={path} />
        </Labelled>
      );
    case 'list':
      return (
        <Labelled {...{ field, path }} group>
          <ListField field={field} path={path} />
        </Labelled>
      );
    case 'group':
      return (
        <Labelled {...{ field, path }} group>
          {field.fields.map(inner => (
            <Field key={inner.name} field={inner} path={[...path, inner.name]} />
          ))}
        </Labelled>
      );
  }
}

import { at } from '../form-model/values.js';
import { described, idOf, text, useForm, type FieldProps } from './form.js';

/** A line, a longer text, a number, or a slug with those that the story already uses. */
export function TextField({ field, path }: FieldProps<'line' | 'text' | 'slug' | 'number'>) {
  const form = useForm();
  const id = idOf(form, path);
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const common = { id, 'aria-invalid': invalid, 'aria-describedby': describedBy, value: text(value) };
  const put = (typed: string) => form.put(path, typed);
  if (field.type === 'number') {
    const number = (typed: string) => (typed === '' ? undefined : Number(typed));
    const step = field.whole ? 1 : 'any';
    return <input {...common} type="number" step={step} onInput={e => form.put(path, number(e.currentTarget.value))} />;
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

/** Texts, each on a separate line. */
export function LinesField({ field, path }: FieldProps<'lines'>) {
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

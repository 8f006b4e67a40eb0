import { labelOf } from '../form-model/fields.js';
import { at } from '../form-model/values.js';
import { described, idOf, text, useForm, type FieldProps } from './form.js';

/** Shows few options side by side and many in a list. */
export function ChoiceField({
  field,
  path,
  allowed,
  onPick,
}: FieldProps<'choice'> & { allowed?: readonly string[]; onPick?: (option: string) => void }) {
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

/** Shows a checkbox for each option. */
export function ChoicesField({ field, path }: FieldProps<'choices'>) {
  const form = useForm();
  const id = idOf(form, path);
  const { describedBy } = described(form, path, field.hint);
  const given = at(form.value, path);
  const chosen: readonly unknown[] = Array.isArray(given) ? given : [];
  const put = (option: string, on: boolean) =>
    form.put(
      path,
      field.options.filter(other => (other === option ? on : chosen.includes(other))),
    );
  return (
    <>
      {field.options.map(option => (
        <label key={option} class="check">
          <input
            type="checkbox"
            name={id}
            checked={chosen.includes(option)}
            aria-describedby={describedBy}
            onChange={e => put(option, e.currentTarget.checked)}
          />
          {labelOf(option)}
        </label>
      ))}
    </>
  );
}

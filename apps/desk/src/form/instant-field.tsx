import { at } from '../form-model/values.js';
import { instantIn, wallClock } from '../when.js';
import { OddTime } from './odd-time.js';
import { described, idOf, useForm, type FieldProps } from './form.js';

/** A moment by the story's clocks. */
export function InstantField({ field, path }: FieldProps<'instant'>) {
  const form = useForm();
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const shown = typeof value === 'string' ? wallClock(form.zone, Date.parse(value)) : undefined;
  const put = (day: string | undefined, time: string | undefined, second = false) =>
    form.put(path, day && time ? instantIn(form.zone, day, time, second) : undefined);
  const isSecond = (clock: { day: string; time: string }) =>
    Date.parse(instantIn(form.zone, clock.day, clock.time)) !== Date.parse(value as string);
  return (
    <span class="moment">
      <input
        id={idOf(form, path)}
        type="datetime-local"
        value={shown && `${shown.day}T${shown.time.slice(0, 5)}`}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onInput={e => put(...(e.currentTarget.value.split('T') as [string?, string?]))}
      />
      {shown && (
        <OddTime
          zone={form.zone}
          {...shown}
          label={field.label}
          second={isSecond(shown)}
          onSecond={second => put(shown.day, shown.time, second)}
        />
      )}
      <small class="hint">Clocks of {form.zone.replaceAll('_', ' ')}</small>
    </span>
  );
}

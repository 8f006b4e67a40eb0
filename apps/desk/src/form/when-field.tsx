import { useState } from 'preact/hooks';
import { labelOf, type Field } from '../form-model/fields.js';
import { at, type Path } from '../form-model/values.js';
import { occurredOf, wallClock, whenOf, type When } from '../when.js';
import { OddTime } from './odd-time.js';
import { errorAt, idOf, useForm } from './form.js';
import { saidOf } from './said.js';

/** When it happened: first the precision, then only the fields that it needs. */
export function WhenField({ field, path }: { field: Field & { type: 'occurred' }; path: Path }) {
  const form = useForm();
  const id = idOf(form, path);
  const held = at(form.value, path);
  const [entered, setEntered] = useState<When>();
  const kept = whenOf(held, form.zone);
  // A date without a time is not an instant yet, so this component keeps it until the time is entered.
  const when =
    entered && JSON.stringify(occurredOf(entered, form.zone)) === JSON.stringify(held ?? {}) ? entered : kept;
  const [open, setOpen] = useState(kept.untilDay !== '');
  const put = (change: Partial<When>) => {
    const next = { ...when, ...change };
    setEntered(next);
    form.put(path, JSON.parse(JSON.stringify(occurredOf(next, form.zone))));
  };
  const now = () => {
    const { day, time } = wallClock(form.zone, Date.now());
    const precision = ['second', 'hour'].includes(when.precision) ? when.precision : 'minute';
    put({ precision, day, time: precision === 'second' ? time : time.slice(0, 5), second: false });
  };
  const timed = when.precision !== 'day';
  const seconds = when.precision === 'second' ? 1 : 60;
  const inputs = (which: 'from' | 'to', label: string) => {
    const [day, time, second] =
      which === 'from' ? (['day', 'time', 'second'] as const) : (['untilDay', 'untilTime', 'untilSecond'] as const);
    const error = errorAt(form, [...path, which]);
    const problem = { 'aria-invalid': error !== undefined, 'aria-describedby': error && `${id}-${which}-error` };
    return (
      <span class="moment">
        <input
          {...problem}
          type="date"
          id={`${id}-${which}`}
          aria-label={`${label}: day`}
          value={when[day]}
          onInput={e => put({ [day]: e.currentTarget.value })}
        />
        {timed && (
          <input
            {...problem}
            type="time"
            step={seconds}
            aria-label={`${label}: time`}
            value={when[time].slice(0, seconds === 1 ? 8 : 5)}
            onInput={e => put({ [time]: e.currentTarget.value })}
          />
        )}
        {timed && (
          <OddTime
            zone={form.zone}
            day={when[day] || when.day}
            time={when[time]}
            label={label}
            second={when[second]}
            onSecond={is => put({ [second]: is })}
          />
        )}
        {error && (
          <span class="error" id={`${id}-${which}-error`}>
            {saidOf({ ...field, label }, error, which)}
          </span>
        )}
      </span>
    );
  };
  return (
    <>
      <div class="segments">
        {field.precisions.map((precision, index) => (
          <label key={precision}>
            <input
              type="radio"
              id={index === 0 ? `${id}-first` : undefined}
              name={id}
              checked={when.precision === precision}
              onChange={() => put({ precision })}
            />
            <span>{precision === 'unknown' ? 'Not known' : labelOf(precision)}</span>
          </label>
        ))}
        <button type="button" class="button-quiet" onClick={now}>
          Now
        </button>
      </div>
      {when.precision && (
        <div class="moments">
          {inputs('from', when.precision === 'unknown' ? 'Not before' : 'From')}
          {open || when.untilDay ? (
            inputs('to', 'Until')
          ) : (
            <button type="button" class="button-quiet" onClick={() => setOpen(true)}>
              + until
            </button>
          )}
          <small class="hint">Clocks of {form.zone.replaceAll('_', ' ')}</small>
        </div>
      )}
    </>
  );
}

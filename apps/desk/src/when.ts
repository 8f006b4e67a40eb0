import { instantOf, localOf } from '#pages/parts';
import type { Value } from './form-model/values.js';

/** When it happened, as an editor enters it: by the wall clock of the story. */
export interface When {
  readonly precision: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** HH:MM or HH:MM:SS. */
  readonly time: string;
  readonly untilDay: string;
  readonly untilTime: string;
}

/** An ISO 8601 instant in a zone's own offset; `instantOf` says which, where clocks are put forward or back. */
export function instantIn(zone: string, day: string, time: string): string {
  const clock = time.length === 5 ? `${time}:00` : time;
  const local = `${day}T${clock}`;
  const instant = instantOf(local, zone);
  return `${local}${offsetText(Math.round((Date.parse(`${local}Z`) - Date.parse(instant)) / 60_000))}`;
}

export function wallClock(zone: string, moment: number): { day: string; time: string } {
  const [day = '', time = ''] = localOf(moment, zone).split('T');
  return { day, time };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** As much of a clock's time as the precision knows. */
const cut = (time: string, precision: string): string => {
  if (precision === 'day') return '00:00:00';
  if (precision === 'hour') return `${time.slice(0, 2)}:00:00`;
  return precision === 'minute' ? `${time.slice(0, 5)}:00` : time;
};

/** What the form holds for it; nothing finer than the precision enters. A part that is missing leaves a gap that the API names. */
export function occurredOf(when: When, zone: string): Value {
  const { precision, day, time, untilDay, untilTime } = when;
  const end = (day: string, time: string) => {
    if (!day || (!time && precision !== 'day')) return undefined;
    return instantIn(zone, day, cut(time || '00:00', precision));
  };
  return {
    precision: precision || undefined,
    from: end(day, time),
    // An editor says the last day, and the log the moment when it is over.
    to:
      untilDay || untilTime ? end(precision === 'day' ? shifted(untilDay, 1) : untilDay || day, untilTime) : undefined,
  };
}

/** What an editor sees of a form's value, by the wall clock that it was written in. */
export function whenOf(occurred: Value): When {
  const { precision, from, to } = (occurred ?? {}) as { precision?: string; from?: string; to?: string };
  const [day = '', time = ''] = from?.slice(0, 19).split('T') ?? [];
  const [untilDay = '', untilTime = ''] = to?.slice(0, 19).split('T') ?? [];
  const until = precision === 'day' ? { untilDay: shifted(untilDay, -1), untilTime: '' } : { untilDay, untilTime };
  return { precision: precision ?? '', day, time, ...until };
}

const dayMs = 86_400_000;

const shifted = (day: string, days: number): string =>
  day && new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

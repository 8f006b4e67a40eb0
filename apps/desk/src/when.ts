import { instantOf, isRepeated, localOf } from '#pages/parts';
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
  /** Whether the second of two equal times is meant, in the night in which clocks go back. */
  readonly second: boolean;
  readonly untilSecond: boolean;
}

const localIn = (day: string, time: string): string => `${day}T${time.length === 5 ? `${time}:00` : time}`;

/** An ISO 8601 instant in a zone's own offset. See `instantOf` for times that clocks show twice or never. */
export function instantIn(zone: string, day: string, time: string, second = false): string {
  const local = localIn(day, time);
  const instant = instantOf(local, zone, second);
  return `${local}${offsetText(Math.round((Date.parse(`${local}Z`) - Date.parse(instant)) / 60_000))}`;
}

/** The local date and time of a moment (milliseconds since 1970) by a zone's clocks. */
export function wallClock(zone: string, moment: number): { day: string; time: string } {
  const [day = '', time = ''] = localOf(moment, zone).split('T');
  return { day, time };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Marks a local time that a zone's clocks show `twice` or `never`. */
export function oddTime(zone: string, day: string, time: string): 'twice' | 'never' | undefined {
  if (!day || !time) return undefined;
  const instant = Date.parse(instantOf(localIn(day, time), zone));
  if (localOf(instant, zone) !== localIn(day, time)) return 'never';
  return isRepeated(instant, zone) ? 'twice' : undefined;
}

/** The part of a time that the precision covers. */
const cut = (time: string, precision: string): string => {
  if (precision === 'day') return '00:00:00';
  if (precision === 'hour') return `${time.slice(0, 2)}:00:00`;
  return precision === 'minute' ? `${time.slice(0, 5)}:00` : time;
};

/** The form's value. It is no finer than the precision. A missing part leaves a gap that the API reports. */
export function occurredOf(when: When, zone: string): Value {
  const { precision, day, time, untilDay, untilTime, second, untilSecond } = when;
  const end = (day: string, time: string, second: boolean) => {
    if (!day || (!time && precision !== 'day')) return undefined;
    return instantIn(zone, day, cut(time || '00:00', precision), second);
  };
  return {
    precision: precision || undefined,
    from: end(day, time, second),
    // An editor enters the last day; the log stores the moment when that day is over.
    to:
      untilDay || untilTime
        ? end(precision === 'day' ? shifted(untilDay, 1) : untilDay || day, untilTime, untilSecond)
        : undefined,
  };
}

/** The editor's view of a form's value, by the clocks of a zone. A day stays as it was written. */
export function whenOf(occurred: Value, zone: string): When {
  const { precision, from, to } = (occurred ?? {}) as { precision?: string; from?: string; to?: string };
  const start = clockOf(from, zone, precision);
  const end = clockOf(to, zone, precision);
  const until =
    precision === 'day'
      ? { untilDay: shifted(end.day, -1), untilTime: '' }
      : { untilDay: end.day, untilTime: end.time };
  return { precision: precision ?? '', ...start, ...until, untilSecond: end.second };
}

function clockOf(instant: string | undefined, zone: string, precision: string | undefined) {
  if (!instant || Number.isNaN(Date.parse(instant))) return { day: '', time: '', second: false };
  const [day = '', time = ''] = instant.slice(0, 19).split('T');
  if (precision === 'day') return { day, time, second: false };
  const shown = wallClock(zone, Date.parse(instant));
  const first = instantIn(zone, shown.day, shown.time);
  return { ...shown, second: Date.parse(first) !== Date.parse(instant) };
}

const dayMs = 86_400_000;

const shifted = (day: string, days: number): string =>
  day && new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

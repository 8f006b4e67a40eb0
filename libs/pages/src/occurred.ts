import type { Occurred } from '#domain';
import { dateFormat } from './moment/formats.js';
import { isRepeated, localOf } from './moment/zoned.js';
import type { Words } from './words/index.js';

/** How to write times: the locale, and the time zone. */
export interface Times {
  readonly locale: string;
  /** An IANA time zone. */
  readonly zone: string;
  readonly words: Words;
  /** The year that dates leave out. The server names every year, as its answers do not depend on today's. */
  readonly year?: number | undefined;
}

const day = { day: 'numeric', month: 'long' } as const;
const shortDay = { day: 'numeric', month: 'short' } as const;
const minute = { hour: '2-digit', minute: '2-digit' } as const;
const clockOf = { second: { ...minute, second: '2-digit' }, minute, hour: minute } as const;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Includes the offset if the zone's clocks show the time twice. */
function written(instant: number, { locale, zone }: Times, options: Intl.DateTimeFormatOptions): string {
  const offset = options.hour && isRepeated(instant, zone) && ({ timeZoneName: 'shortOffset' } as const);
  return dateFormat(locale, { ...options, ...offset, timeZone: zone, hourCycle: 'h23' }).format(instant);
}

/** The day of an instant in the zone: "2025-08-15". */
export const dayOf = (instant: string | number, { zone }: Times): string => localOf(instant, zone).split('T')[0]!;

const withYear = (year: string, times: Times) => Number(year) !== times.year && ({ year: 'numeric' } as const);
/** The options, with the year unless readers take it for granted. */
const dated = (instant: string | number, times: Times, options: Intl.DateTimeFormatOptions) => ({
  ...options,
  ...withYear(dayOf(instant, times).slice(0, -6), times),
});

/** A day is the reporter's: it is written as given, in whatever zone it is read. */
const wall = (instant: string) => Date.parse(`${instant.slice(0, 10)}T00:00:00Z`);

function days({ from, to }: Occurred, times: Times): string {
  const year = withYear(from!.slice(0, 4), times);
  const calendar = dateFormat(times.locale, { ...day, ...year, timeZone: 'UTC' });
  const last = to === undefined ? wall(from!) : wall(to) - dayMs;
  return last <= wall(from!) ? calendar.format(wall(from!)) : calendar.formatRange(wall(from!), last);
}

/**
 * When something happened, no finer than its precision: "15 August 2025", "7 March 2027, 18:40", "7 March 2027, between 17:00 and 18:00".
 * On the day of `beside`, the instant that is shown with it, the time alone: "18:40". Undefined if nothing is known.
 */
export function occurredText(occurred: Occurred, times: Times, beside?: string): string | undefined {
  const { from, to, precision } = occurred;
  const { time } = times.words;
  const on = (instant: number) => written(instant, times, dated(instant, times, day));
  const here = beside && dayOf(beside, times);
  const whole = (instant: number, clock: string) =>
    dayOf(instant, times) === here ? clock : `${on(instant)}, ${clock}`;
  if (precision === 'day') return days(occurred, times);
  const clock = (instant: number) => written(instant, times, precision === 'unknown' ? minute : clockOf[precision]);
  const at = (instant: string | number) => whole(Number(new Date(instant)), clock(Number(new Date(instant))));
  if (precision === 'unknown') {
    if (from && to) return time.between(at(from), at(to));
    if (from) return time.after(at(from));
    return to && time.before(at(to));
  }
  const start = Date.parse(from!);
  const end = to ? Date.parse(to) : precision === 'hour' ? start + hourMs : undefined;
  if (end === undefined) return at(start);
  if (on(start) === on(end)) return whole(start, time.between(clock(start), clock(end)));
  return time.between(at(start), at(end));
}

/** The time alone: "12:05". */
export const clockText = (instant: string, times: Times): string => written(Date.parse(instant), times, minute);

/** The heading of a day's updates: "Friday 15 August". */
export const dayText = (instant: string, times: Times): string =>
  written(Date.parse(instant), times, dated(instant, times, { weekday: 'long', ...day })).replace(',', '');

/** The day and the time, for where a page shows the time alone: "24 November 2026 at 12:05". */
export const fullText = (instant: string, times: Times): string =>
  written(Date.parse(instant), times, { ...day, year: 'numeric', ...minute });

/** When the newsroom recorded something: "24 Nov 2026, 12:05". On the day of `beside`, which is shown with it, the time alone. */
export const recordedText = (recorded: string, times: Times, beside?: string): string =>
  beside && dayOf(beside, times) === dayOf(recorded, times)
    ? clockText(recorded, times)
    : written(Date.parse(recorded), times, { ...dated(recorded, times, shortDay), ...minute });

/** A moment to the second: "24 Nov 2026, 12:05:09". */
export const momentText = (instant: string, times: Times): string =>
  written(Date.parse(instant), times, { ...shortDay, year: 'numeric', ...clockOf.second });

/** The place that a time zone is named after: "Anchorage". */
export const zonePlace = (zone: string): string => zone.replace(/^(?!Etc).+[/]/, '').replaceAll('_', ' ');

const gap = ' ';
/** When it happened, as a page keeps it for its script, which writes it in the reader's zone. */
export const writtenOf = ({ precision, from = '', to = '' }: Occurred): string => [precision, from, to].join(gap);
/** The inverse of `writtenOf`. */
export function occurredIn(written: string): Occurred {
  const [precision, from, to] = written.split(gap) as [Occurred['precision'], string, string];
  return { precision, ...(from && { from }), ...(to && { to }) };
}

/** A length of time as ISO 8601 says it, such as PT1H2M3.5S. */
export function isoDuration(ms: number): string {
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1_000];
  const parts = [hours > 0 && `${hours}H`, minutes > 0 && `${minutes}M`, (seconds > 0 || ms === 0) && `${seconds}S`];
  return `PT${parts.filter(Boolean).join('')}`;
}

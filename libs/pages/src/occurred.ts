import type { Occurred } from '#domain';
import { isRepeated } from './moment/zoned.js';
import type { Words } from './words/index.js';

/** How to write times: the locale, and the time zone. */
export interface Times {
  readonly locale: string;
  /** An IANA time zone. */
  readonly zone: string;
  readonly words: Words;
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const shortDay = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const minute = { hour: '2-digit', minute: '2-digit' } as const;
const clockOf = { second: { ...minute, second: '2-digit' }, minute, hour: minute } as const;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Includes the offset if the zone's clocks show the time twice. */
function written(instant: number, { locale, zone }: Times, options: Intl.DateTimeFormatOptions): string {
  const offset = options.hour && isRepeated(instant, zone) && ({ timeZoneName: 'shortOffset' } as const);
  return new Intl.DateTimeFormat(locale, { ...options, ...offset, timeZone: zone, hourCycle: 'h23' }).format(instant);
}

/** A day is the reporter's: it is written as given, in whatever zone it is read. */
const wall = (instant: string) => Date.parse(`${instant.slice(0, 10)}T00:00:00Z`);

function days({ from, to }: Occurred, times: Times): string {
  const { words, locale } = times;
  const calendar = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
  const last = to === undefined ? wall(from!) : wall(to) - dayMs;
  if (last <= wall(from!)) return words.time.onDay(calendar.format(wall(from!)));
  return words.time.overDays(calendar.formatRange(wall(from!), last));
}

/**
 * When something happened, no finer than its precision: "on 15 August 2025, time not reported", "7 March 2027, 18:40", "7 March 2027,
 * between 17:00 and 18:00".
 */
export function occurredText(occurred: Occurred, times: Times): string {
  const { from, to, precision } = occurred;
  const { time } = times.words;
  const on = (instant: number) => written(instant, times, day);
  if (precision === 'day') return days(occurred, times);
  if (precision === 'unknown') {
    const at = (instant: string) => written(Date.parse(instant), times, { ...day, ...minute });
    if (from && to) return time.between(at(from), at(to));
    if (from) return time.after(at(from));
    return to ? time.before(at(to)) : time.notReported;
  }
  const start = Date.parse(from!);
  const end = to ? Date.parse(to) : precision === 'hour' ? start + hourMs : undefined;
  const clock = (instant: number) => written(instant, times, clockOf[precision]);
  if (end === undefined) return `${on(start)}, ${clock(start)}`;
  if (on(start) === on(end)) return `${on(start)}, ${time.between(clock(start), clock(end))}`;
  return time.between(`${on(start)}, ${clock(start)}`, `${on(end)}, ${clock(end)}`);
}

/** When the newsroom recorded something: "24 Nov 2026, 12:05". */
export const recordedText = (recorded: string, times: Times): string =>
  written(Date.parse(recorded), times, { ...shortDay, ...minute });

/** A moment to the second: "24 Nov 2026, 12:05:09". */
export const momentText = (instant: string, times: Times): string =>
  written(Date.parse(instant), times, { ...shortDay, ...clockOf.second });

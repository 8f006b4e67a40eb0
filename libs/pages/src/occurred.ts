import type { Occurred } from '#domain';
import type { Words } from './words/index.js';

/** How times are written: in whose language, by whose clock. */
export interface Times {
  readonly locale: string;
  /** IANA. */
  readonly zone: string;
  readonly words: Words;
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const;
const shortDay = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const minute = { hour: '2-digit', minute: '2-digit' } as const;
const clockOf = { second: { ...minute, second: '2-digit' }, minute, hour: minute } as const;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

const format = ({ locale, zone }: Times, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, hourCycle: 'h23' });

/** A day is the reporter's: it is written as it was given, whatever zone it is read in. */
const wall = (instant: string) => Date.parse(`${instant.slice(0, 10)}T00:00:00Z`);

function days({ from, to }: Occurred, times: Times): string {
  const { words, locale } = times;
  const written = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
  const last = to === undefined ? wall(from!) : wall(to) - dayMs;
  if (last <= wall(from!)) return words.time.onDay(written.format(wall(from!)));
  return words.time.overDays(written.formatRange(wall(from!), last));
}

/**
 * When something happened, no finer than it is known: "on 15 August 2025, time not reported", "7 March 2027, 18:40",
 * "7 March 2027, between 17:00 and 18:00".
 */
export function occurredText(occurred: Occurred, times: Times): string {
  const { from, to, precision } = occurred;
  const { time } = times.words;
  const on = (instant: number) => format(times, day).format(instant);
  if (precision === 'day') return days(occurred, times);
  if (precision === 'unknown') {
    const at = (instant: string) => format(times, { ...day, ...minute }).format(Date.parse(instant));
    if (from && to) return time.between(at(from), at(to));
    if (from) return time.after(at(from));
    return to ? time.before(at(to)) : time.notReported;
  }
  const start = Date.parse(from!);
  const end = to ? Date.parse(to) : precision === 'hour' ? start + hourMs : undefined;
  const clock = (instant: number) => format(times, clockOf[precision]).format(instant);
  if (end === undefined) return `${on(start)}, ${clock(start)}`;
  if (on(start) === on(end)) return `${on(start)}, ${time.between(clock(start), clock(end))}`;
  return time.between(`${on(start)}, ${clock(start)}`, `${on(end)}, ${clock(end)}`);
}

/** When the newsroom recorded something: "24 Nov 2026, 12:05". */
export const recordedText = (recorded: string, times: Times): string =>
  format(times, { ...shortDay, ...minute }).format(Date.parse(recorded));

/** A moment to the second: "24 Nov 2026, 12:05:09". */
export const momentText = (instant: string, times: Times): string =>
  format(times, { ...shortDay, ...clockOf.second }).format(Date.parse(instant));

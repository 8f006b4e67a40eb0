import { dateFormat } from './formats.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Clock {
  readonly zone: string;
  readonly format: Intl.DateTimeFormat;
  /** Offsets at whole hours, by the hour. */
  readonly offsets: Map<number, number>;
}
/** The most offsets that are kept. */
const mostOffsets = 1_000;
// A page has one zone, and most of its times are within a few hours.
let last: Clock | undefined;

function clockOf(zone: string): Clock {
  if (last?.zone === zone) return last;
  const options = { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  last = { zone, format: dateFormat('en-US', { ...options, ...clock }), offsets: new Map() };
  return last;
}

function shownAt(instant: number, zone: string): string {
  const parts = clockOf(zone).format.formatToParts(instant);
  const part = (type: string) => parts.find(found => found.type === type)!.value;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

function offsetAt(instant: number, zone: string): number {
  const local = shownAt(instant, zone);
  // The last hours of 9999 are in the year 10000 of another zone, which ISO 8601 writes with a sign.
  const wall = Date.parse(`${local.length > '2026-11-24T13:05:09'.length ? '+0' : ''}${local}Z`);
  return wall - Math.floor(instant / 1000) * 1000;
}

function offsetAtHour(hour: number, zone: string): number {
  const { offsets } = clockOf(zone);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  if (offsets.size >= mostOffsets) offsets.clear();
  const offset = offsetAt(hour * hourMs, zone);
  offsets.set(hour, offset);
  return offset;
}

/** The offset of a zone's clocks from UTC at an instant; both in milliseconds. No zone changed its clocks twice within an hour. */
function offsetOf(instant: number, zone: string): number {
  const hour = Math.floor(instant / hourMs);
  const offset = offsetAtHour(hour, zone);
  return offset === offsetAtHour(hour + 1, zone) ? offset : offsetAt(instant, zone);
}

/** The instants whose local times need no formatter: the years have four digits, and none of them is before the year 1. */
const usual = { from: Date.UTC(1900, 0), to: Date.UTC(9999, 0) };

/** The wall clock of a zone at an instant: "2026-11-24T13:05:09". */
export function localOf(instant: string | number, zone: string): string {
  const ms = Number(new Date(instant));
  return ms >= usual.from && ms < usual.to
    ? new Date(ms + offsetOf(ms, zone)).toISOString().slice(0, '2026-11-24T13:05:09'.length)
    : shownAt(ms, zone);
}

/** Whether a zone's clocks show this time twice, as they were put back in between: only the offset then distinguishes the two. */
export function isRepeated(instant: number, zone: string): boolean {
  const offset = offsetOf(instant, zone);
  return [instant - dayMs, instant + dayMs].some(near => {
    const back = offset - offsetOf(near, zone);
    // Clocks are put back by hours; a shift of a day is a change of calendar.
    const isPutBack = back !== 0 && Math.abs(back) < dayMs / 2;
    return isPutBack && localOf(instant + back, zone) === localOf(instant, zone);
  });
}

/**
 * The instant, in ISO 8601 and UTC, at which a zone's clocks show a time. Where they show it twice: the first of the two, or the
 * `second`. Where they skip it: later by as much as they skip.
 */
export function instantOf(local: string, zone: string, second = false): string {
  const wall = Date.parse(`${local}Z`);
  const offsets = [...new Set([offsetOf(wall - dayMs, zone), offsetOf(wall + dayMs, zone)])];
  const candidates = offsets.map(by => wall - by);
  const exact = candidates.filter(instant => wall - instant === offsetOf(instant, zone));
  const found =
    exact.length === 0 || second ? Math.max(...(exact.length > 0 ? exact : candidates)) : Math.min(...exact);
  return new Date(found).toISOString();
}

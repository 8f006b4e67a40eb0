import { dateFormat } from './formats.js';

// A page has one zone.
let last: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined;

function clockOf(zone: string): Intl.DateTimeFormat {
  if (last?.zone === zone) return last.format;
  const options = { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const format = dateFormat('en-US', { ...options, ...clock });
  last = { zone, format };
  return format;
}

/** The wall clock of a zone at an instant: "2026-11-24T13:05:09". */
export function localOf(instant: string | number, zone: string): string {
  const parts = clockOf(zone).formatToParts(new Date(instant));
  const part = (type: string) => parts.find(found => found.type === type)!.value;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The offset of a zone's clocks from UTC at an instant; both in milliseconds. */
function offsetOf(instant: number, zone: string): number {
  const local = localOf(instant, zone);
  // The last hours of 9999 are in the year 10000 of another zone, which ISO 8601 writes with a sign.
  const wall = Date.parse(`${local.length > '2026-11-24T13:05:09'.length ? '+0' : ''}${local}Z`);
  return wall - Math.floor(instant / 1000) * 1000;
}

/** Whether a zone's clocks show this time twice, as they were put back in between: only the offset then distinguishes the two. */
export function isRepeated(instant: number, zone: string): boolean {
  const offset = offsetOf(instant, zone);
  const dayMs = 86_400_000;
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
  const dayMs = 86_400_000;
  const offsets = [...new Set([offsetOf(wall - dayMs, zone), offsetOf(wall + dayMs, zone)])];
  const candidates = offsets.map(by => wall - by);
  const exact = candidates.filter(instant => wall - instant === offsetOf(instant, zone));
  const found =
    exact.length === 0 || second ? Math.max(...(exact.length > 0 ? exact : candidates)) : Math.min(...exact);
  return new Date(found).toISOString();
}

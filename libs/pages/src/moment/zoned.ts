/** The wall clock of a zone at an instant: "2026-11-24T13:05:09". */
export function localOf(instant: string | number, zone: string): string {
  const options = { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const parts = new Intl.DateTimeFormat('en-US', { ...options, ...clock }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find(found => found.type === type)!.value;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/**
 * The instant at which a zone's clocks show a time, in ISO 8601 and UTC: the first of two, and where a clock jumps over it,
 * as much later as it jumps.
 */
export function instantOf(local: string, zone: string): string {
  const wall = Date.parse(`${local}Z`);
  const offset = (instant: number) => Date.parse(`${localOf(instant, zone)}Z`) - Math.floor(instant / 1000) * 1000;
  const dayMs = 86_400_000;
  const offsets = [...new Set([offset(wall - dayMs), offset(wall + dayMs)])];
  const candidates = offsets.map(by => wall - by);
  const exact = candidates.filter(instant => wall - instant === offset(instant));
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)).toISOString();
}

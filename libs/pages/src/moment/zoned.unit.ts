import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isRepeated, localOf } from './zoned.js';

const zones = ['America/Anchorage', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/St_Johns', 'UTC'];

test("a zone's local time converts back to the same instant, or to one an hour before it at a clock change", () => {
  const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) }).map(ms => ms - (ms % 1000));
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), (ms, zone) => {
      const back = Date.parse(instantOf(localOf(ms, zone), zone));
      expect([0, 3_600_000]).toContain(ms - back);
    }),
  );
});

test.each([
  ['2025-08-15T11:30', 'America/Anchorage', '2025-08-15T19:30:00.000Z'],
  ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
])('the local time %s in %s is the instant %s', (local, zone, instant) => expect(instantOf(local, zone)).toBe(instant));

test.each(['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '9999-12-31T23:59:59Z'])(
  "near the ends of the calendar, as at %s, no zone's local time is repeated",
  instant => {
    for (const zone of zones) expect(isRepeated(Date.parse(instant), zone)).toBe(false);
  },
);

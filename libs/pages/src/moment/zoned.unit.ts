import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isRepeated, localOf } from './zoned.js';

const zones = [
  ...['America/Anchorage', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/St_Johns', 'UTC'],
  'Australia/Lord_Howe',
];

test("a zone's local time converts back to the same instant, or to one an hour before it at a clock change", () => {
  const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) }).map(ms => ms - (ms % 1000));
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), (ms, zone) => {
      const back = Date.parse(instantOf(localOf(ms, zone), zone));
      // Lord Howe Island puts its clocks back by half an hour.
      expect([0, zone === 'Australia/Lord_Howe' ? 1_800_000 : 3_600_000]).toContain(ms - back);
    }),
  );
});

test("around changes of the clocks, a zone's local time is what a formatter says", () => {
  const changes = ['2026-10-25T01:00:00Z', '2026-03-29T01:00:00Z', '2026-04-04T14:00:00Z', '2026-11-01T10:00:00Z'];
  // In Newfoundland and on Lord Howe Island, within an hour of UTC.
  const halfHours = ['2026-03-08T05:30:00Z', '2026-11-01T04:30:00Z', '2026-10-03T15:30:00Z'];
  const others = ['1880-06-01T12:00:00Z', '1916-05-01T12:00:00Z', '2026-08-15T19:30:00Z', '9998-12-31T22:00:00Z'];
  const instants = [...changes, ...halfHours, ...others].flatMap(at =>
    Array.from({ length: 72 }, (_, number) => Date.parse(at) + (number - 36) * 300_000 - 1),
  );
  for (const timeZone of zones) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    const written = instants.map(ms => format.format(ms).replace(' ', 'T'));
    expect([timeZone, instants.map(ms => localOf(ms, timeZone))]).toEqual([timeZone, written]);
  }
});

test.each([
  ['Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z'],
  ['Pacific/Chatham', '2026-04-04T13:00:00Z', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T14:30:00Z', '2026-04-04T15:30:00Z'],
])('clocks of %s show the times from %s to %s twice', (zone, from, to) => {
  const repeated = (at: string, byMs: number) => isRepeated(Date.parse(at) + byMs, zone);
  expect([repeated(from, -1), repeated(from, 0), repeated(to, -1), repeated(to, 0)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
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

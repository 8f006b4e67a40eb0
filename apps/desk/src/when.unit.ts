import { Occurred } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filledIn } from './form-model/values.js';
import { instantIn, occurredOf, oddTime, wallClock, whenOf } from './when.js';

const zones = [
  'UTC',
  'America/Anchorage',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
];
const entered = {
  precision: 'minute',
  day: '2025-08-15',
  time: '11:08',
  untilDay: '',
  untilTime: '',
  second: false,
  untilSecond: false,
};

describe('the time of a development at the desk', () => {
  test.each([
    ['UTC', '2026-01-31', '09:00', '2026-01-31T09:00:00+00:00'],
    ['America/Anchorage', '2025-08-15', '11:08', '2025-08-15T11:08:00-08:00'],
    ['America/Anchorage', '2025-01-15', '11:08:30', '2025-01-15T11:08:30-09:00'],
    ['Asia/Kathmandu', '2026-01-31', '09:00', '2026-01-31T09:00:00+05:45'],
    ['Europe/Berlin', '2026-03-29', '03:30', '2026-03-29T03:30:00+02:00'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T02:30:00+02:00'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T02:30:00-05:00'],
  ])('in %s, %s at %s is %s', (zone, day, time, instant) => expect(instantIn(zone, day, time)).toBe(instant));

  test('an entered time is valid in any zone, at any instant and precision, and is read back the same', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom('second', 'minute', 'hour', 'day'),
        (zone, seconds, precision) => {
          const clock = wallClock(zone, seconds * 1_000);
          const occurred = filledIn(occurredOf({ ...entered, ...clock, precision }, zone));
          expect(Occurred.safeParse(occurred)).toMatchObject({ success: true });
          const { from } = occurred as { from: string };
          expect(Math.abs(Date.parse(from) - seconds * 1_000)).toBeLessThan(26 * 3_600_000);
          expect(filledIn(occurredOf(whenOf(occurred, zone), zone))).toEqual(occurred);
        },
      ),
    ));

  test('the time is cut to its precision, and a day needs no time', () => {
    expect(occurredOf({ ...entered, precision: 'hour' }, 'UTC')).toMatchObject({ from: '2025-08-15T11:00:00+00:00' });
    expect(occurredOf({ ...entered, precision: 'day', time: '' }, 'UTC')).toMatchObject({
      from: '2025-08-15T00:00:00+00:00',
    });
  });

  test('a missing part leaves the time empty', () => {
    expect(filledIn(occurredOf({ ...entered, time: '' }, 'UTC'))).toEqual({ precision: 'minute' });
    expect(filledIn(occurredOf({ ...entered, precision: 'unknown', day: '', time: '' }, 'UTC'))).toEqual({
      precision: 'unknown',
    });
  });

  test('a range of days is entered with its last day', () => {
    const days = { ...entered, precision: 'day', time: '', untilDay: '2025-08-17' };
    const occurred = occurredOf(days, 'America/Anchorage');
    expect(occurred).toMatchObject({ from: '2025-08-15T00:00:00-08:00', to: '2025-08-18T00:00:00-08:00' });
    expect(whenOf(occurred, 'America/Anchorage')).toMatchObject({ day: '2025-08-15', untilDay: '2025-08-17' });
  });

  test('the end is on the same day unless another day is given', () =>
    expect(occurredOf({ ...entered, untilTime: '12:00' }, 'UTC')).toMatchObject({ to: '2025-08-15T12:00:00+00:00' }));

  test('an hour that occurs twice can be entered as the second one, and is read back as such', () => {
    const night = { ...entered, day: '2026-10-25', time: '02:30' };
    const [first, second] = [false, true].map(second => occurredOf({ ...night, second }, 'Europe/Berlin'));
    expect(first).toMatchObject({ from: '2026-10-25T02:30:00+02:00' });
    expect(second).toMatchObject({ from: '2026-10-25T02:30:00+01:00' });
    expect(whenOf(first!, 'Europe/Berlin')).toMatchObject({ time: '02:30:00', second: false });
    expect(whenOf(second!, 'Europe/Berlin')).toMatchObject({ time: '02:30:00', second: true });
  });

  test('a time is shown in the story’s zone, whatever its offset', () =>
    expect(whenOf({ precision: 'minute', from: '2026-01-31T12:00:00+03:00' }, 'UTC')).toMatchObject({
      time: '09:00:00',
    }));

  test.each([
    ['Europe/Berlin', '2026-10-25', '02:30', 'twice'],
    ['Europe/Berlin', '2026-10-25', '03:00', undefined],
    ['America/New_York', '2026-03-08', '02:30', 'never'],
    ['America/New_York', '2026-03-08', '', undefined],
  ])('in %s, %s %s occurs: %s', (zone, day, time, odd) => expect(oddTime(zone, day, time)).toBe(odd));
});

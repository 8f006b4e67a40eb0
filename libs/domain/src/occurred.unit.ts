import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutToSecond, interval, Occurred, precisions, SentOccurred } from './occurred.js';

const wrong = (occurred: object) =>
  Occurred.safeParse(occurred).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
const at = '2026-01-31T09:41:07-09:00';

describe('when it happened', () => {
  test('a time without an end is one unit of its precision long; an end is used as it is', () => {
    const from = '2026-01-31T00:00:00-09:00';
    const lengths = precisions.map(precision => {
      const { from: start, to } = interval(Occurred.parse({ from, precision }));
      return (to - start) / 1000;
    });
    expect(lengths).toEqual([1, 60, 3_600, 86_400, Infinity]);
    const to = '2026-02-01T00:00:00-09:00';
    expect(interval({ from, to, precision: 'hour' })).toEqual({ from: Date.parse(from), to: Date.parse(to) });
  });

  test('a time of unknown precision may have a start, an end, or neither', () => {
    expect(interval(Occurred.parse({ precision: 'unknown' }))).toEqual({ from: -Infinity, to: Infinity });
    expect(interval(Occurred.parse({ to: at, precision: 'unknown' }))).toEqual({ from: -Infinity, to: Date.parse(at) });
    expect(interval(Occurred.parse({ from: at, precision: 'unknown' })).to).toBe(Infinity);
  });

  test('a time must have a start unless its precision is unknown', () =>
    expect(wrong({ precision: 'day' })).toEqual(['from must be given unless the precision is unknown']));

  test('a time must end after it starts, compared across UTC offsets', () => {
    const from = '2026-01-31T10:00:00+02:00';
    expect(wrong({ from, to: '2026-01-31T08:30:00Z', precision: 'minute' })).toEqual([]);
    for (const to of ['2026-01-31T09:30:00+02:00', '2026-01-31T08:00:00Z', '2026-01-31T10:30:00+03:00'])
      expect(wrong({ from, to, precision: 'minute' })).toEqual(['to must be later than occurred.from']);
    expect(wrong({ from, to: '2026-01-31T07:00:00Z', precision: 'unknown' })).toHaveLength(1);
  });

  test('a start or end that is finer than the precision is refused, by the clock of its UTC offset', () => {
    expect(wrong({ from: at, precision: 'second' })).toEqual([]);
    expect(wrong({ from: at, precision: 'minute' })).toEqual([
      'from must be a whole minute, as its precision requires, such as 2026-01-31T09:30:00-09:00',
    ]);
    expect(wrong({ from: '2026-01-31T09:41:00-09:00', precision: 'hour' })).toHaveLength(1);
    expect(wrong({ from: '2026-01-31T09:00:00+05:30', precision: 'hour' })).toEqual([]);
    expect(wrong({ from: '2026-01-31T00:00:00+05:30', precision: 'day' })).toEqual([]);
    expect(wrong({ from: '2026-01-31T00:00:00Z', to: '2026-01-31T09:00:00Z', precision: 'day' })).toEqual([
      'to must be a whole day, as its precision requires, such as 2026-01-31T00:00:00-09:00',
    ]);
  });

  test.each([
    '2026-01-31',
    '2026-01-31T09:00:00',
    '2026-01-31T09:00Z',
    '2026-01-31T09:00:00.000Z',
    '2026-02-30T09:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:00:60Z',
    '2026-01-31T09:00:00+25:00',
    '2026-01-31T09:00:00+18:00',
    '0000-01-01T00:00:00Z',
    '+12026-01-31T09:00:00Z',
    ' 2026-01-31T09:00:00Z',
  ])('%s is refused, as it is no instant of the required form', from => {
    const [problem] = wrong({ from, precision: 'unknown' });
    expect(problem).toMatch(/^from must be an ISO 8601 instant/);
  });

  test('a client may send fractions of a second, which are cut off; recorded content may not have them', () => {
    const sent = { from: '2026-01-31T09:41:07.999Z', to: '2026-01-31T09:41:08.000000001+00:00', precision: 'second' };
    const cut = { from: '2026-01-31T09:41:07Z', to: '2026-01-31T09:41:08+00:00', precision: 'second' };
    expect(cutToSecond(SentOccurred.parse(sent))).toEqual(cut);
    expect(Occurred.parse(cut)).toEqual(cut);
    expect(Occurred.safeParse(sent).success).toBe(false);
    const minute = { from: new Date(Date.parse('2026-01-31T09:41:00Z')).toISOString(), precision: 'minute' };
    expect(cutToSecond(SentOccurred.parse(minute))).toEqual({ from: '2026-01-31T09:41:00Z', precision: 'minute' });
    expect(cutToSecond({ precision: 'unknown' })).toEqual({ precision: 'unknown' });
  });

  test('a sent time is checked after its fractions of a second are cut off', () => {
    const from = '2026-01-31T09:41:07.1Z';
    const issues = (sent: object) => SentOccurred.safeParse(sent).error?.issues.map(({ path }) => path.join('.'));
    expect(issues({ from, to: '2026-01-31T09:41:07.9Z', precision: 'second' })).toEqual(['to']);
    expect(issues({ from, precision: 'minute' })).toEqual(['from']);
    expect(issues({ from: '2026-01-31T09:41:07.123456789Z', precision: 'second' })).toBeUndefined();
    expect(issues({ from: '2026-01-31T09:41:07.1234567890Z', precision: 'second' })).toEqual(['from']);
    expect(issues({ from: '2026-01-31T09:41:07.Z', precision: 'second' })).toContain('from');
  });

  test('every accepted time is an interval that ends after it starts', () => {
    const two = (max: number) => fc.nat(max).map(n => String(n).padStart(2, '0'));
    const instant = fc
      .tuple(
        fc.constantFrom('2024-02-29', '2026-01-31', '1999-12-31'),
        two(24),
        two(60),
        two(60),
        fc.constantFrom('Z', '+00:00', '-09:30', '+14:00'),
      )
      .map(([day, h, m, s, zone]) => `${day}T${h}:${m}:${s}${zone}`);
    const occurred = fc.record(
      { from: instant, to: instant, precision: fc.constantFrom(...precisions) },
      { requiredKeys: ['precision'] },
    );
    fc.assert(
      fc.property(occurred, given => {
        const parsed = Occurred.safeParse(given);
        if (!parsed.success) return;
        const { from, to } = interval(parsed.data);
        expect(from).toBeLessThan(to);
      }),
      { numRuns: 2_000 },
    );
  });
});

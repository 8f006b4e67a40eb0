import type { Occurred } from '#domain';
import { describe, expect, it } from '@jest/globals';
import {
  clockText,
  dayOf,
  dayText,
  fullText,
  occurredIn,
  occurredText,
  recordedText,
  writtenOf,
  zonePlace,
} from './occurred.js';
import { wordsFor } from './words/index.js';

const words = wordsFor('en');
const anchorage = { locale: 'en-GB', zone: 'America/Anchorage', words };
const berlin = { ...anchorage, zone: 'Europe/Berlin' };

it.each<[Occurred, string | undefined]>([
  [{ precision: 'unknown' }, undefined],
  [{ from: '2025-08-15T00:00:00-08:00', precision: 'day' }, '15 August 2025'],
  [{ from: '2025-08-15T00:00:00-08:00', to: '2025-08-16T00:00:00-08:00', precision: 'day' }, '15 August 2025'],
  [{ from: '2025-08-15T00:00:00-08:00', to: '2025-08-18T00:00:00-08:00', precision: 'day' }, '15–17 August 2025'],
  [{ from: '2025-08-15T10:00:00-08:00', precision: 'hour' }, '15 August 2025, between 20:00 and 21:00'],
  [{ from: '2025-08-15T10:30:00-08:00', precision: 'minute' }, '15 August 2025, 20:30'],
  [{ from: '2025-08-15T10:30:15-08:00', precision: 'second' }, '15 August 2025, 20:30:15'],
  [
    { from: '2025-08-15T13:30:00-08:00', to: '2025-08-15T14:30:00-08:00', precision: 'minute' },
    'between 15 August 2025, 23:30 and 16 August 2025, 00:30',
  ],
  [{ from: '2025-08-15T10:30:00-08:00', precision: 'unknown' }, 'after 15 August 2025, 20:30'],
  [{ to: '2025-08-15T10:30:00-08:00', precision: 'unknown' }, 'before 15 August 2025, 20:30'],
])('%j is shown to a reader in Berlin as "%s"', (occurred, text) =>
  // The spaces around a dash depend on the locale data.
  expect(occurredText(occurred, berlin)?.replace(/\s*–\s*/g, '–')).toBe(text),
);

describe('beside the time of posting, and in the reader’s year', () => {
  const posted = '2025-08-15T19:00:00Z';
  const at = (from: string, more: object = {}) => ({ from, precision: 'minute', ...more }) as Occurred;

  it('the day of posting is not repeated, and another day is named', () => {
    expect(occurredText(at('2025-08-15T18:30:00Z'), berlin, posted)).toBe('20:30');
    expect(occurredText(at('2025-08-14T18:30:00Z'), berlin, posted)).toBe('14 August 2025, 20:30');
    expect(occurredText(at('2025-08-15T21:30:00Z', { to: '2025-08-15T22:30:00Z' }), berlin, posted)).toBe(
      'between 23:30 and 16 August 2025, 00:30',
    );
    expect(recordedText('2025-08-15T21:59:00Z', berlin, posted)).toBe('23:59');
    expect(recordedText('2025-08-15T22:00:00Z', berlin, posted)).toBe('16 Aug 2025, 00:00');
  });

  it('the reader’s year is left out, and another one is named', () => {
    const [then, now] = [
      { ...berlin, year: 2026 },
      { ...berlin, year: 2025 },
    ];
    expect([dayText(posted, now), dayText(posted, then)]).toEqual(['Friday 15 August', 'Friday 15 August 2025']);
    expect([recordedText(posted, now), recordedText(posted, then)]).toEqual(['15 Aug, 21:00', '15 Aug 2025, 21:00']);
    expect(occurredText({ from: posted, precision: 'day' }, now)).toBe('15 August');
    expect(occurredText(at(posted), now)).toBe('15 August, 21:00');
    // In Berlin the new year has begun.
    expect(dayText('2025-12-31T23:30:00Z', then)).toBe('Thursday 1 January');
  });

  it('a day’s heading is that of the reader’s day, and a time alone has the whole date as its title', () => {
    expect([dayOf(posted, berlin), dayOf('2025-08-15T22:00:00Z', berlin)]).toEqual(['2025-08-15', '2025-08-16']);
    expect([clockText(posted, berlin), fullText(posted, berlin)]).toEqual(['21:00', '15 August 2025 at 21:00']);
  });
});

it.each<Occurred>([
  { precision: 'unknown' },
  { precision: 'unknown', to: '2025-08-15T10:30:00-08:00' },
  { precision: 'hour', from: '2025-08-15T10:30:00-08:00', to: '2025-08-15T11:30:00-08:00' },
])('a page keeps %j for its script, whole', occurred => expect(occurredIn(writtenOf(occurred))).toEqual(occurred));

it('a time zone is named by its place', () =>
  expect(['America/Argentina/Buenos_Aires', 'Europe/Berlin', 'UTC', 'Etc/GMT+3'].map(zonePlace)).toEqual([
    'Buenos Aires',
    'Berlin',
    'UTC',
    'Etc/GMT+3',
  ]));

it('a time in the hour that occurs twice shows its UTC offset, and other times do not', () => {
  const minutes = (from: string, to?: string) => occurredText({ from, ...(to && { to }), precision: 'minute' }, berlin);
  expect(minutes('2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00')).toBe(
    '25 October 2026, between 02:30 GMT+2 and 02:30 GMT+1',
  );
  expect(minutes('2026-10-25T01:59:00+02:00')).toBe('25 October 2026, 01:59');
  expect(minutes('2026-10-25T02:00:00+02:00')).toBe('25 October 2026, 02:00 GMT+2');
  expect(minutes('2026-10-25T02:59:00+01:00')).toBe('25 October 2026, 02:59 GMT+1');
  expect(minutes('2026-10-25T03:00:00+01:00')).toBe('25 October 2026, 03:00');
  expect(minutes('2026-03-29T03:30:00+02:00')).toBe('29 March 2026, 03:30');
  expect(recordedText('2026-10-25T01:30:00.000Z', berlin)).toBe('25 Oct 2026, 02:30 GMT+1');
  expect(occurredText({ from: '2026-10-25T02:30:00+02:00', precision: 'unknown' }, berlin)).toMatch(/02:30 GMT\+2/);
});

it("a day is shown as the reporter's day in every reader's time zone", () => {
  const occurred = { from: '2025-08-15T00:00:00+13:00', precision: 'day' } as const;
  for (const times of [berlin, anchorage]) expect(occurredText(occurred, times)).toMatch(/^15 August 2025/);
});

it("the time of recording is shown in the reader's time zone", () => {
  expect(recordedText('2026-11-24T23:30:00.000Z', anchorage)).toBe('24 Nov 2026, 14:30');
  expect(recordedText('2026-11-24T23:30:00.000Z', berlin)).toBe('25 Nov 2026, 00:30');
});

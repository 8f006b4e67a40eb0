import type { Occurred } from '#domain';
import { expect, it } from '@jest/globals';
import { occurredText, recordedText } from './occurred.js';
import { wordsFor } from './words/index.js';

const words = wordsFor('en');
const anchorage = { locale: 'en-GB', zone: 'America/Anchorage', words };
const berlin = { ...anchorage, zone: 'Europe/Berlin' };

it.each<[Occurred, string]>([
  [{ precision: 'unknown' }, 'time not reported'],
  [{ from: '2025-08-15T00:00:00-08:00', precision: 'day' }, 'on 15 August 2025, time not reported'],
  [
    { from: '2025-08-15T00:00:00-08:00', to: '2025-08-16T00:00:00-08:00', precision: 'day' },
    'on 15 August 2025, time not reported',
  ],
  [
    { from: '2025-08-15T00:00:00-08:00', to: '2025-08-18T00:00:00-08:00', precision: 'day' },
    '15–17 August 2025, times not reported',
  ],
  [{ from: '2025-08-15T10:00:00-08:00', precision: 'hour' }, '15 August 2025, between 20:00 and 21:00'],
  [{ from: '2025-08-15T10:30:00-08:00', precision: 'minute' }, '15 August 2025, 20:30'],
  [{ from: '2025-08-15T10:30:15-08:00', precision: 'second' }, '15 August 2025, 20:30:15'],
  [
    { from: '2025-08-15T13:30:00-08:00', to: '2025-08-15T14:30:00-08:00', precision: 'minute' },
    'between 15 August 2025, 23:30 and 16 August 2025, 00:30',
  ],
  [{ from: '2025-08-15T10:30:00-08:00', precision: 'unknown' }, 'after 15 August 2025 at 20:30, time not reported'],
  [{ to: '2025-08-15T10:30:00-08:00', precision: 'unknown' }, 'before 15 August 2025 at 20:30, time not reported'],
])('%j is shown to a reader in Berlin as "%s"', (occurred, text) =>
  // The spaces around a dash depend on the locale data.
  expect(occurredText(occurred, berlin).replace(/\s*–\s*/g, '–')).toBe(text),
);

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
  for (const times of [berlin, anchorage]) expect(occurredText(occurred, times)).toMatch(/^on 15 August 2025/);
});

it("the time of recording is shown in the reader's time zone", () => {
  expect(recordedText('2026-11-24T23:30:00.000Z', anchorage)).toBe('24 Nov 2026, 14:30');
  expect(recordedText('2026-11-24T23:30:00.000Z', berlin)).toBe('25 Nov 2026, 00:30');
});

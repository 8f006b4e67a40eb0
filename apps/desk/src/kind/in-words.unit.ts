import { expect, test } from '@jest/globals';
import { standardDefaults } from './defaults.js';
import { knownInWords, moreInWords, whenInWords } from './in-words.js';

const names = (id: string) => ({ brandt: 'Lena Brandt' })[id] ?? id;

test.each([
  [standardDefaults.sourcing, standardDefaults.modality, 'Desk, reported, asserted'],
  [
    { basis: 'on-record', standing: 'confirmed', actor: 'brandt' },
    { mode: 'denied' },
    'On record: Lena Brandt, confirmed, denied',
  ],
  [
    { basis: 'anonymous', standing: 'hinted', group: 'two officials' },
    { mode: 'planned' },
    'Anonymous: two officials, hinted, planned',
  ],
  [
    { basis: 'desk', standing: 'reported' },
    { mode: 'conditional', conditions: [{ id: 'a' }, { id: 'b' }] },
    'Desk, reported, conditional on 2 conditions',
  ],
])('the sourcing and the modality in words: %j, %j', (sourcing, modality, words) =>
  expect(knownInWords(sourcing, modality, names)).toBe(words),
);

test.each([
  [undefined, 'time not given'],
  [{ precision: 'unknown' }, 'time not given'],
  [{ precision: 'minute', from: '2026-11-27T14:05:00+01:00' }, '2026-11-27 14:05'],
  [{ precision: 'day', from: '2026-11-27T00:00:00+01:00' }, '2026-11-27'],
  [
    { precision: 'minute', from: '2026-11-27T14:05:00+01:00', to: '2026-11-27T15:00:00+01:00' },
    '2026-11-27 14:05 to 15:00',
  ],
])('the time in words: %j', (occurred, words) => expect(whenInWords(occurred, 'Europe/Berlin')).toBe(words));

test.each([
  [{}, 'no headline, no byline'],
  [{ content: { headline: 'Rain' }, key: true }, 'headline: Rain, no byline, key event'],
  [{ content: { byline: [{ name: 'Ada' }, { name: ' ' }, { name: 'Ben' }] } }, 'no headline, by Ada and Ben'],
  [{ content: { byline: [] } }, 'no headline, no byline'],
  [{ content: { byline: [{}] } }, 'no headline, no byline'],
  [{ embargo: {} }, 'no headline, no byline, embargo'],
  [{ embargo: { until: 'noon' }, supersedes: 'x' }, 'no headline, no byline, supersedes another, embargo until noon'],
])('the other parts in words: %j', (value, words) => expect(moreInWords(value, until => until)).toBe(words));

import { expect, test } from '@jest/globals';
import { linkTitlesOf } from '../reader/state.js';
import type { EntryView } from '../view.js';
import { wordsFor } from '../words/index.js';
import { Offer } from './offer.js';

const condition = { id: 'rain', text: 'it rains', fate: null, reason: null };
const entry = (id: string, more: Partial<EntryView> = {}) =>
  ({
    ...{ id, headline: id, status: 'active', standing: 'reported', corrections: [], links: [] },
    modality: { mode: 'asserted', conditions: [] },
    ...more,
  }) as unknown as EntryView;
const hanging = entry('a', {
  modality: { mode: 'conditional', conditions: [condition] },
  links: [
    { as: 'answers', development: 'b', title: 'b' },
    { as: 'related', development: 'c', title: 'c' },
  ],
});

function offered() {
  const link = { addEventListener: () => undefined, hidden: true, textContent: '' };
  const offer = new Offer(link as unknown as HTMLAnchorElement, wordsFor('en'), () => undefined);
  for (const waiting of [hanging, entry('d')]) offer.put(waiting);
  return { link, offer };
}
const none = new Map();

test('an update that waits has the outcome of its condition, in its own words, and keeps its place', () => {
  const { link, offer } = offered();
  offer.update({ rain: { text: 'if it should rain', fate: 'met', reason: 'It pours.' } }, none);
  expect(link.textContent).toBe('2 new updates');
  const [first, second] = offer.taken();
  expect(first!.modality.conditions).toEqual([{ ...condition, fate: 'met', reason: 'It pours.' }]);
  expect(second).toEqual(entry('d'));
});

test('an update that waits links to what was corrected by its new title, and no longer to what was retracted', () => {
  const { offer } = offered();
  const corrected = entry('b', { headline: 'new', corrections: [{}] as never });
  offer.update({}, linkTitlesOf([corrected, entry('c', { status: 'retracted' })], wordsFor('en')));
  expect(offer.taken()[0]!.links).toEqual([{ as: 'answers', development: 'b', title: 'Corrected: new' }]);
});

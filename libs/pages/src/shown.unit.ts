import { expect, test } from '@jest/globals';
import { shownChange, shownEntry, type TakenDownView } from './shown.js';
import type { EntryView } from './view.js';

const gone: TakenDownView = {
  id: 'a',
  kind: 'statement',
  recorded: '2026-01-01T00:00:00.000Z',
  by: 'Ed',
  changed: 3,
  status: 'taken-down',
  key: false,
  pinned: false,
  supersededBy: null,
  headline: null,
};

test('an entry that was taken down is shown without its headline and text', () => {
  expect(shownEntry(gone)).toMatchObject({ id: 'a', status: 'taken-down', headline: 'statement', bodyHtml: null });
  const change = { position: 3, recorded: gone.recorded, acts: [], entries: [gone] };
  expect(shownChange(change).entries).toEqual([shownEntry(gone)]);
});

test('any other entry is shown unchanged', () => {
  const readable = { ...shownEntry(gone), status: 'active', headline: 'So it is' } satisfies EntryView;
  expect(shownEntry(readable)).toBe(readable);
});

import { expect, test } from '@jest/globals';
import { draftKeyId, openDraft, sealDraft, type DraftPlace } from './drafts.js';
import { newSecret } from './sealing.js';

const place: DraftPlace = { draft: 'desk-1', story: 'count', version: 3 };
const secret = newSecret();

test('a part of a draft opens under its key, at its place only', () => {
  const sealed = sealDraft(secret, place, { value: 'canary' });
  expect(sealed).not.toContain('canary');
  expect(openDraft({ secret }, place, sealed)).toEqual({ value: 'canary' });
  const elsewhere = [
    { ...place, draft: 'desk-2' },
    { ...place, story: 'flood' },
    { ...place, version: 4 },
    { draft: 'desk-1', story: 'count' },
  ];
  for (const other of elsewhere)
    expect(() => openDraft({ secret }, other, sealed)).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }));
  expect(() => openDraft({ secret: newSecret() }, place, sealed)).toThrow();
});

test('without its key a draft is gone or an error that names it', () => {
  const sealed = sealDraft(secret, place, {});
  expect(openDraft({ destroyed: '2026-01-01T00:00:00Z' }, place, sealed)).toBeUndefined();
  expect(() => openDraft(undefined, place, sealed)).toThrow(draftKeyId('desk-1'));
});

import { draftKeyId, sealDraft, type KeyStore } from '#keys';
import { expect, test } from '@jest/globals';
import { Drafts } from './drafts.js';
import type { DraftRow, DraftStore, VersionRow } from './store.js';

const place = { draft: 'one', story: 'count' };
const secret = new Uint8Array(64).fill(7);
const keys = { keysOf: async () => new Map([[draftKeyId('one'), { secret }]]) } as unknown as KeyStore;
const [by, then] = [{ id: 'ada' }, new Date(0)];

const rowOf = (version: number): DraftRow => {
  const summary = sealDraft(secret, place, { act: 'record', words: '', embargo: version === 5 });
  return { ...{ id: 'one', story: 'count', version, holder: by, by, begun: then, changed: then }, summary };
};
const versionOf = (version: number): VersionRow => {
  const content = { act: 'record', value: { content: { body: `Version ${version}` } } };
  return { ...{ version, by, began: then, saved: then }, sealed: sealDraft(secret, { ...place, version }, content) };
};

/** A store with version 4, into which version 5 is saved as soon as this query was answered. `find` takes longer. */
function savedAfter(query: 'find' | 'versions'): DraftStore {
  let version = 4;
  const answered = <Answer>(name: typeof query, answer: Answer) => {
    if (name === query) version = 5;
    return answer;
  };
  const find = async () => {
    await new Promise(resolve => setImmediate(resolve));
    return answered('find', rowOf(version));
  };
  return { find, versions: async () => answered('versions', [versionOf(version)]) } as unknown as DraftStore;
}

test.each(['find', 'versions'] as const)(
  'a draft that is saved while it is read has the content and the embargo of its version (after %s)',
  async query => {
    const { draft, embargo } = await new Drafts(savedAfter(query), keys).read('one', 'count');
    expect(draft.value).toEqual({ content: { body: `Version ${draft.version}` } });
    expect(embargo).toBe(draft.version === 5);
  },
);

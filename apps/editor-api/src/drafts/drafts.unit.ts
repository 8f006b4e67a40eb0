import { storyStream } from '#domain';
import { draftKeyId, sealDraft, type KeyStore } from '#keys';
import { expect, test } from '@jest/globals';
import type { WriteModel } from '../commands/write-model.js';
import { Drafts, type Asked, type Listed, type Opened } from './drafts.js';
import { endIn } from './over.js';
import type { DraftRow, DraftStore, VersionRow } from './store.js';

const place = { draft: 'one', story: 'count' };
const secret = new Uint8Array(64).fill(7);
const [by, then] = [{ id: 'ada' }, new Date(0)];
const keys = {
  keysOf: async () => new Map([[draftKeyId('one'), { secret }]]),
  keyFor: async () => ({ secret }),
} as unknown as KeyStore;
const asked = (sees = true): Asked => ({ id: 'one', story: 'count', sees: () => sees });

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
    const { draft, embargo } = await new Drafts(savedAfter(query), keys).read(asked());
    expect(draft.value).toEqual({ content: { body: `Version ${draft.version}` } });
    expect(embargo).toBe(draft.version === 5);
  },
);

/** A store in which a colleague was always faster: there is version 5. */
const changedStore = {
  ...{ add: async () => false, save: async () => false, give: async () => false, end: async () => false },
  ...{ ended: async () => undefined, list: async () => [], find: async () => rowOf(5) },
  versions: async () => [versionOf(5)],
} as unknown as DraftStore;

test.each(['begin', 'save', 'give', 'end'] as const)(
  'who loses to a colleague gets the draft only if they may see it as it is now (%s)',
  async act => {
    const drafts = new Drafts(changedStore, keys);
    const of = (version: number) => ({ version, act: 'record' as const, value: {} });
    const acts = {
      begin: (it: Asked) => drafts.save(it, of(0), by),
      save: (it: Asked) => drafts.save(it, of(4), by),
      give: (it: Asked) => drafts.give(it, 4, by),
      end: (it: Asked) => drafts.end(it, 4, { by, how: 'discarded' }),
    };
    await expect(acts[act](asked())).rejects.toMatchObject({
      details: { code: 'draft-changed', draft: { version: 5 } },
    });
    const refused = await acts[act](asked(false)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ details: { code: 'unknown-draft' } });
    expect(JSON.stringify(refused)).not.toContain('Version');
  },
);

test('a former version is judged by its own embargo, not by that of the draft now', async () => {
  const content = { act: 'record', value: { content: { body: 'Secret' }, embargo: {} } };
  const hidden = { ...versionOf(1), sealed: sealDraft(secret, { ...place, version: 1 }, content) };
  const store = { find: async () => rowOf(2), versions: async () => [versionOf(2), hidden] } as unknown as DraftStore;
  const drafts = new Drafts(store, keys);
  const rita: Asked = { ...asked(), sees: ({ embargo }) => !embargo };
  expect(await drafts.former(rita, 2)).toMatchObject({ value: { content: { body: 'Version 2' } } });
  await expect(drafts.former(rita, 1)).rejects.toMatchObject({ details: { code: 'unknown-version', allowed: [2] } });
  expect(await drafts.former(asked(), 1)).toMatchObject({ value: content.value });
});

test('a former version for an embargo is for who wrote it, and not for who took the draft over without the embargo', async () => {
  const content = { act: 'record', value: { content: { body: 'Secret' }, embargo: {} } };
  const hidden = { ...versionOf(1), sealed: sealDraft(secret, { ...place, version: 1 }, content), by: { id: 'ben' } };
  const find = async () => ({ ...rowOf(3), holder: { id: 'rita' } });
  const versionsWith = (...more: VersionRow[]) =>
    new Drafts({ find, versions: async () => [...more, hidden] } as unknown as DraftStore, keys);
  const as = (id: string): Asked => ({ ...asked(), sees: ({ draft, embargo }) => !embargo || draft.holder.id === id });
  const drafts = versionsWith(versionOf(2));
  expect(await drafts.former(as('rita'), 2)).toMatchObject({ value: { content: { body: 'Version 2' } } });
  await expect(drafts.former(as('rita'), 1)).rejects.toMatchObject({ details: { code: 'unknown-version' } });
  expect(await drafts.former(as('ben'), 1)).toMatchObject({ value: content.value });
  // The latest version is what the holder has.
  expect(await versionsWith().former(as('rita'), 1)).toMatchObject({ value: content.value });
});

test('a sweep ends each draft that is over, also after one that cannot be read', async () => {
  const summary = sealDraft(secret, { draft: 'two', story: 'count' }, { act: 'record', words: '', embargo: false });
  const rows = [rowOf(5), { ...rowOf(1), id: 'lost' }, { ...rowOf(1), id: 'two', summary }];
  const [ended, destroyed]: [string[], string[]] = [[], []];
  const store = {
    after: async (id: string) =>
      rows
        .filter(row => row.id > id)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, 1),
    end: async (id: string) => ended.push(id) > 0,
    ended: async (id: string) => ({ id }),
    noteDestroyed: async () => undefined,
  } as unknown as DraftStore;
  const both = {
    keysOf: async () => new Map(['one', 'two'].map(id => [draftKeyId(id), { secret }])),
    destroy: async (ids: string[]) => void destroyed.push(...ids),
  } as unknown as KeyStore;
  const sweeping = new Drafts(store, both).sweep((_, { draft }) =>
    draft.id === 'two' ? { by, how: 'taken-down' } : undefined,
  );
  await expect(sweeping).rejects.toMatchObject({ code: 'key-missing' });
  expect([ended, destroyed]).toEqual([['two'], [draftKeyId('two')]]);
});

test('a draft is over if its command is in the log, or if what it corrects was taken down', () => {
  const model = {
    commands: new Set(['ada\nposted', 'cleo\nunsaved']),
    recent: new Map([[storyStream('count'), [{ command: 'late', by: { id: 'dan' } }]]]),
    stories: new Map([
      [
        'count',
        {
          developments: new Map([
            ['gone', { status: 'taken-down' }],
            ['wrong', { status: 'retracted' }],
          ]),
          embargoes: new Set(['withheld']),
        },
      ],
    ]),
  } as unknown as WriteModel;
  const end = (id: string, target?: string, story = 'count') =>
    endIn(model, story, { draft: { id, holder: { id: 'ben' }, by, target }, embargo: false } as Listed);
  const byBen = { id: 'unsaved', holder: { id: 'ben' }, by: { id: 'ben' } };
  const [cleo, dan] = [{ id: 'cleo' }, { id: 'dan' }];
  expect(end('posted')).toEqual({ by, how: 'posted' });
  // A colleague posted it who neither holds it nor wrote it last: an earlier author, who asks, or anybody in the latest commits.
  const versions = [{ by: cleo }];
  const opened = { draft: { ...byBen, versions }, embargo: true } as unknown as Opened;
  expect(endIn(model, 'count', opened)).toEqual({ by: cleo, how: 'posted' });
  expect(endIn(model, 'count', { draft: byBen, embargo: true } as Listed, cleo)).toEqual({ by: cleo, how: 'posted' });
  expect(end('late')).toEqual({ by: dan, how: 'posted' });
  // Who may not see a draft cannot end it with a command of its id.
  expect([end('late', 'withheld'), end('late', undefined, 'none')]).toEqual([undefined, undefined]);
  expect(endIn(model, 'count', { draft: { ...byBen, id: 'late' }, embargo: true } as Listed)).toBeUndefined();
  expect(end('one', 'gone')).toEqual({ by: { id: 'dateline' }, how: 'taken-down' });
  expect([end('one'), end('one', 'wrong'), end('one', 'none'), end('one', 'gone', 'none')]).toEqual(
    Array(4).fill(undefined),
  );
});

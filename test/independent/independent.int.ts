import type { Manifest } from '#bundle';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Bundled } from '../../apps/audit/src/bundle/bundled.fixture.js';
import type { KeySource } from '../../apps/audit/src/bundle/key-source.js';
import { id, secrets, story, writing } from '../../apps/audit/src/newsroom.fixture.js';
import { describeWithPython, python } from './python.js';

const visible = [{ first: 1, last: 50, at: '2026-01-01T13:00:00.000Z' }];
const destroyed = id(7);
const keys: KeySource = async ids =>
  new Map(
    [...ids].map(each => [
      each,
      each === destroyed ? { destroyed: '2026-01-01T13:00:00.000Z' } : { secret: secrets.get(each) },
    ]),
  );

let it: Bundled;
beforeAll(async () => (it = await Bundled.of(writing().records, visible)));
afterAll(() => it?.close());

describeWithPython('the independent check in Python', () => {
  test.each([
    ['the whole log', { all: true }, keys],
    ['a story', { story }, keys],
    ['the whole log without keys', { all: true }, undefined],
  ] as const)('the program accepts a new bundle of %s', async (_, scope, source) => {
    const bundle = await it.export(scope, source ? { keys: source } : {});
    expect(python(bundle, '--key', it.key.kid)).toEqual({ code: 0, out: expect.stringContaining('WHOLE; 0 commits') });
  });

  test('the program finds false claims that the genuine key signed', async () => {
    const bundle = await it.export({ story }, { keys });
    const lies: ((manifest: Manifest) => object)[] = [
      manifest => ({ ...manifest, heads: undefined }),
      manifest => ({ ...manifest, scope: { story: 'another' } }),
      manifest => ({ ...manifest, tree: { ...manifest.tree, root: '0'.repeat(64) } }),
      manifest => ({ ...manifest, counts: { ...manifest.counts, keys: 1 } }),
      manifest => ({ ...manifest, counts: { ...manifest.counts, streams: 1 } }),
      manifest => ({ ...manifest, log: { ...manifest.log, name: 'urn:dateline:other' } }),
    ];
    for (const manifest of lies) expect(python(await it.forged(bundle, { manifest })).code).toBe(1);
    expect(python(await it.forged(bundle, {})).code).toBe(0);
  });

  test('the program counts a commit whose id does not match its bytes, and accepts the bundle', async () => {
    const log = writing();
    const [genesis, last] = [log.records[0]!, log.records.at(-1)!];
    const headers = { ...last.headers, ce_subject: 'story:strange', ce_parent: genesis.id, ce_id: 'a'.repeat(64) };
    const other = await Bundled.of([...log.records, { ...last, headers, value: Buffer.of(0xff) }], visible);
    const bundle = await other.export({ all: true }, { keys });
    expect(python(bundle)).toEqual({ code: 0, out: expect.stringContaining('WHOLE; 1 commits') });
    await other.close();
  });
});

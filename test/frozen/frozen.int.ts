import { openBlobStore, prepareBlobStore } from '#blobs';
import { fingerprintsIn, LogTree, openHead } from '#bundle';
import { sealedFilesOf, type Kept } from '#domain';
import type { LogRecord } from '#event-log';
import { openKept } from '#media';
import { applyBatch, loadProgress, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Audited } from '../../apps/audit/src/audited.fixture.js';
import { frozenLogs, keepRows, lacking, rowsKept, tablesBy, type Frozen } from './frozen.js';
import { appendRaw } from './raw-record.js';
import { readAll, verdictOf, winnersOf } from './read.js';
import { rowsOf } from './rows.js';

/** The reason for storing new rows of projections whose version was raised; see the README. */
const why = process.env.FROZEN_WHY;

/** Folds as a projector does, in batches of this many records. */
async function fold(it: Audited, records: readonly LogRecord[], batch: number): Promise<void> {
  let progress = await loadProgress(it.pool, projections);
  for (let at = 0; at < records.length; at += batch)
    progress = await applyBatch(it, projections, progress, records.slice(at, at + batch));
  await it.fold([]);
}

async function adoptKeys(it: Audited, { keys }: Frozen): Promise<void> {
  const held = keys.flatMap(({ development, secret }) =>
    secret === null ? [] : [[development, Buffer.from(secret, 'base64url')] as const],
  );
  await it.keys.adopt(new Map(held));
  await it.keys.destroy(keys.flatMap(({ development, secret }) => (secret === null ? [development] : [])));
}

/** Runs with a blob store that has the frozen files. */
async function onBlobs({ blobs }: Frozen, run: (store: ReturnType<typeof openBlobStore>) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-frozen-'));
  const settings = { BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href };
  await prepareBlobStore(settings);
  const store = openBlobStore(settings, 'sealed');
  try {
    for (const { name, bytes: text } of blobs) {
      const bytes = Buffer.from(text, 'base64url');
      await store.put(
        name,
        bytes.length,
        (async function* () {
          yield bytes;
        })(),
      );
    }
    await run(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

test('at least two logs are frozen', () => expect(frozenLogs().length).toBeGreaterThanOrEqual(2));

test('one of them shows all that can be kept', () => {
  expect(frozenLogs().map(lacking)).toContainEqual([]);
});

describe.each(frozenLogs())('the log frozen as $name', frozen => {
  let it: Audited;
  let records: LogRecord[];
  beforeAll(async () => {
    it = await Audited.of([]);
    await appendRaw(it.topic, frozen.records);
    records = await readAll(it.topic, frozen.records.length);
    await adoptKeys(it, frozen);
    await fold(it, records, 7);
  });
  afterAll(() => it?.drop());

  test('it has the same winners at the same positions', () => {
    expect(winnersOf(records)).toEqual(frozen.winners);
  });

  test('it has the roots of its signed heads', async () => {
    const tree = new LogTree();
    const roots = new Map<number, string>();
    for (const [at, line] of frozen.winners.entries()) {
      tree.append({ ...records[JSON.parse(line).offset]!, position: at + 1 });
      roots.set(at + 1, tree.root());
    }
    for (const { log, position, root } of await Promise.all(frozen.heads.map(openHead)))
      expect({ log, root }).toEqual({ log: tree.log, root: roots.get(position) });
  });

  test('it gives the same rows, byte for byte', async () => {
    const found = await rowsOf(it.pool, it.build);
    const { kept, changed } = tablesBy(frozen);
    const pick = (tables: readonly string[]) => Object.fromEntries(tables.map(table => [table, found[table]!]));
    expect(pick(kept)).toEqual(Object.fromEntries(kept.map(table => [table, rowsKept(frozen, table)])));
    if (why) keepRows(frozen, pick(changed), why);
    // A version was raised on purpose: check the difference, then store it with FROZEN_WHY='...' (test/frozen/README.md).
    else expect(changed).toEqual([]);
  });

  test('every change that a live stream sends has a position that readers may know, so that they can resume after it', async () => {
    const { rows } = await it.pool.query(
      `select position from ${it.build}.timeline_change except select position from ${it.build}.shown_commit`,
    );
    expect(rows).toEqual([]);
  });

  test('verify gives the same result', async () => {
    // Without the key that certified the authors, no signature can be checked, and then `verify` does not say EQUAL.
    const certifiers = frozen.certifyingKey === undefined ? undefined : await fingerprintsIn(frozen.certifyingKey);
    await onBlobs(frozen, async blobs => {
      const report = await it.verify(it.topic, undefined, undefined, { expecting: { certifiers }, blobs });
      expect(verdictOf({ ...report })).toEqual(frozen.verdict);
    });
  });

  test('the sealed files of the pictures and recordings that it shows open, and are those that its events name', async () => {
    const { rows } = await it.pool.query<{ kept: readonly Kept[] }>(`select kept from ${it.build}.picture`);
    const shown = rows.flatMap(({ kept }) => kept);
    expect(shown.length > 0).toBe(frozen.blobs.length > 0);
    await onBlobs(frozen, async store => {
      for (const kept of shown)
        for (const file of sealedFilesOf(kept)) expect(await openKept(store, kept, file)).toHaveLength(file.size);
    });
  });
});

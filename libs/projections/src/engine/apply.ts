import { headOf, type LogRecord } from '#event-log';
import type { KeyStore } from '#keys';
import { allOf, escapeIdentifier, inShortTransaction, preparing, sizeClass, type Client, type Pool } from '#postgres';
import { gatherStatistics, hasGrown } from '../builds/statistics.js';
import { useBuild } from '../builds/build.js';
import { checkpointOf, type Checkpoint } from '../builds/checkpoints.js';
import type { Projection } from '../folds/fold.js';
import { enterRewritten, streamId } from '../builds/rewritten.js';
import { putRows } from './rows.js';
import { arbitrateAll, checkpointAfter, settle, type Arbitrated, type Progress, type Settled } from './settle.js';
import { foldedCommits, foldShredding } from './shred.js';
import { enterVisibility } from '../visibility-log/table.js';

/** Another projector has moved the checkpoint: this one no longer leads, and nothing of its batch was written. */
export class CheckpointMoved extends Error {
  constructor(build: string) {
    super(`Another projector moved the checkpoint of ${build}. This batch was not written.`);
  }
}

/** Another build of this version has become live, or this one was dropped. */
export class BuildReplaced extends CheckpointMoved {}

/** The database with the rows, and the store of the keys that open their contents. */
export interface Stores {
  readonly pool: Pool;
  readonly keys: KeyStore;
}

const streamTable = { key: ['id'], by: ['id'] };
const quarantinedTable = { key: ['position'], by: ['position'] };
/** The tables that every build has in addition to those of its projections. */
export const buildTables = { stream: streamTable, quarantined: quarantinedTable };

/** Applies the next records of the log in one transaction: rows, checkpoint and visibility. Rejects with CheckpointMoved, or with a KeyStoreError. */
export async function applyBatch(
  { pool, keys }: Stores,
  projections: readonly Projection[],
  progress: Progress,
  records: readonly LogRecord[],
  arbitrated: Arbitrated = arbitrateAll(progress, records),
): Promise<Progress> {
  const next = checkpointAfter(progress.checkpoint, records, arbitrated);
  const wanted = keys.keysOf(arbitrated.withPayload);
  // If the transaction cannot begin, nobody waits for the keys.
  wanted.catch(() => undefined);
  let settled: Settled | undefined;
  await inShortTransaction(pool, async connection => {
    const hasTakedowns = arbitrated.shreds.length > 0;
    // The statements of a takedown are many, and rare.
    const client = hasTakedowns ? connection : preparing(connection, `${next.name} ${sizeClass(next.position)}`);
    const [found] = await allOf(
      wanted,
      useBuild(client, next.name),
      ...(hasTakedowns ? [] : [commitInMemory(client), lookUpByKey(client)]),
      moveCheckpoint(client, progress.checkpoint, next),
    );
    settled = settle(progress, records, arbitrated, found);
    const { commits, progress: after } = settled;
    const folding = { ...settled, neverStored: after.neverStored };
    const rewritten = hasTakedowns ? await foldShredding(client, keys, projections, folding) : new Set<string>();
    const write = hasTakedowns ? undefined : await foldedCommits(client, projections, commits);
    return [
      write?.(),
      putRows(client, 'stream', streamTable, streamRows(settled)),
      putRows(client, 'quarantined', quarantinedTable, keptRows(settled)),
      ...[...rewritten].map(stream => enterRewritten(client, next.name, stream)),
      announce(client, next),
      enterVisibility(client, next.name),
    ].filter(sent => sent !== undefined);
  });
  // Beside the stream of commits, which must not wait for it. Without statistics, reads are slower and nothing else.
  if (hasGrown(progress.checkpoint.position, next.position)) gatherStatistics(pool, next.name).catch(() => undefined);
  return settled!.progress;
}

/**
 * The commit of this transaction does not wait for the disk. If the server crashes, the last moments' transactions may be lost, each as a
 * whole and none before a later one is: the checkpoint is lost with the rows, so the log is folded on from there.
 */
const commitInMemory = (client: Client) => client.query(`select set_config('synchronous_commit', $1, true)`, ['off']);

/** Each statement of this transaction looks its rows up by key. Of some thousand rows, Postgres would rather read all for each commit. */
export const lookUpByKey = (client: Client) =>
  client.query(
    `select set_config('enable_seqscan', $1, true), set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)`,
    ['off'],
  );

/**
 * The compare-and-set. It also locks the row, so that the second of two projectors waits and then fails. A build that was live must still be
 * live. Call it after `useBuild`: outside of the transaction that uses the build it changes nothing.
 */
export async function moveCheckpoint(client: Client, from: Checkpoint, to: Checkpoint): Promise<void> {
  const { rowCount } = await client.query(
    `update dateline.build set log = $4, position = $5, next_offset = $6, last_record = $7, shredded = greatest(shredded, $9)
     where name = $1 and position = $2 and next_offset = $3 and (live or not $8) and current_setting('search_path') = $10`,
    [
      from.name,
      from.position,
      from.next_offset,
      to.log,
      to.position,
      to.next_offset,
      to.last_record,
      from.live,
      to.shredded,
      escapeIdentifier(from.name),
    ],
  );
  if (rowCount === 1) return;
  const now = await checkpointOf(client, from.name);
  throw new (now && (now.live || !from.live) ? CheckpointMoved : BuildReplaced)(from.name);
}

/** Notifies listeners that rows have changed, if the build is live. */
export async function announce(client: Client, { name, position }: Checkpoint): Promise<void> {
  const news = JSON.stringify({ build: name, position });
  await client.query(`select pg_notify('dateline', $2) from dateline.build where name = $1 and live`, [name, news]);
}

function streamRows({ streams, progress: { arbitration, quarantined } }: Settled) {
  return [...streams].map(stream => {
    const { id: head, seq } = headOf(arbitration, stream);
    const { at = null, reason = null } = quarantined.get(stream) ?? {};
    return { id: streamId(stream), name: JSON.stringify(stream), head, seq, quarantined_at: at, reason };
  });
}

const keptRows = ({ kept }: Settled) =>
  kept.map(({ position, stream, id, seq, record: { headers, value } }) => ({
    position,
    stream: streamId(stream),
    id,
    seq,
    headers: JSON.stringify(headers),
    value: `\\x${Buffer.from(value).toString('hex')}`,
  }));

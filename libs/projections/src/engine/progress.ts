import type { OpenCommit } from '#domain';
import { emptyLog } from '#event-log';
import { open, keyIdsIn, type KeyStore } from '#keys';
import { inTransaction, type Client, type Pool } from '#postgres';
import { Map as Dictionary } from 'immutable';
import { announce, moveCheckpoint, type Stores } from './apply.js';
import { ensureBuild, useBuild } from '../builds/build.js';
import type { Checkpoint } from '../builds/checkpoints.js';
import { decodeKept, type KeptRow } from '../builds/kept.js';
import type { Projection } from '../folds/fold.js';
import { enterRewritten, streamId } from '../builds/rewritten.js';
import type { Progress, Quarantine } from './settle.js';
import { foldShredding, shredsOf } from './shred.js';

interface StreamRow {
  readonly name: string;
  readonly head: string;
  readonly seq: number;
  readonly quarantined_at: number | null;
  readonly reason: string | null;
}

/** The progress of the build that projectors of this version fold, or of a named one. Creates the build if it is missing. */
export function loadProgress(pool: Pool, projections: readonly Projection[], name?: string): Promise<Progress> {
  return inTransaction(pool, 'write', async client => {
    const checkpoint = await ensureBuild(client, projections, name);
    await useBuild(client, checkpoint.name);
    const { rows } = await client.query<StreamRow>('select * from stream');
    const { log, position } = checkpoint;
    const streams = rows.map(({ name, ...row }) => ({ stream: JSON.parse(name) as string, ...row }));
    const heads = Dictionary(streams.map(({ stream, head: id, seq }) => [stream, { id, seq }]));
    const quarantined = streams.flatMap(({ stream, quarantined_at: at, reason }) =>
      at === null ? [] : [[stream, { at, reason: reason ?? '' }] as const],
    );
    return {
      checkpoint,
      arbitration: log === null ? emptyLog : { genesis: log, position, heads },
      quarantined: new Map(quarantined),
      neverStored: new Set(),
    };
  });
}

/** The developments and texts that the readable commits of quarantined streams take down. Their rows do not show those takedowns. */
export async function takenDownUnfolded(client: Client): Promise<string[]> {
  const { rows } = await client.query<KeptRow & { stream: string }>(
    `select held.position, held.id, held.seq, held.headers, held.value, stream.name as stream
     from quarantined held join stream on stream.id = held.stream
     where position('Shredded'::bytea in held.value) > 0 order by held.position`,
  );
  const reads = rows.map(({ stream, ...row }) => decodeKept(JSON.parse(stream) as string, row));
  return shredsOf(reads.flatMap(read => ('commit' in read ? [read.commit] : []))).map(({ development }) => development);
}

/**
 * Folds the quarantined streams as far as this version can read them: up to the first winner that it still cannot read. The rows
 * are the same as if it always could, because a stream's rows depend on that stream alone.
 */
export async function releaseQuarantined(
  { pool, keys }: Stores,
  projections: readonly Projection[],
  progress: Progress,
): Promise<Progress> {
  const { checkpoint } = progress;
  const quarantined = new Map(progress.quarantined);
  for (const stream of progress.quarantined.keys()) {
    const still = await inTransaction(pool, 'write', async client => {
      await useBuild(client, checkpoint.name);
      await moveCheckpoint(client, checkpoint, checkpoint);
      return release(client, keys, projections, checkpoint, stream);
    });
    if (still) quarantined.set(stream, still);
    else quarantined.delete(stream);
  }
  return { ...progress, quarantined };
}

async function release(
  client: Client,
  keys: KeyStore,
  projections: readonly Projection[],
  checkpoint: Checkpoint,
  stream: string,
): Promise<Quarantine | undefined> {
  const id = streamId(stream);
  const { rows } = await client.query<KeptRow>(
    'select position, id, seq, headers, value from quarantined where stream = $1 order by position',
    [id],
  );
  const reads = rows.map(row => ({ at: row.position, read: decodeKept(stream, row) }));
  const held = await keys.keysOf(keyIdsIn(reads.flatMap(({ read }) => ('commit' in read ? read.commit.events : []))));
  const commits: OpenCommit[] = [];
  let still: Quarantine | undefined;
  for (const { at, read } of reads) {
    const opening = 'commit' in read ? open(read.commit, held) : read;
    if ('commit' in opening) commits.push(opening.commit);
    else still = { at, reason: opening.unreadable };
    if (still) break;
  }
  const sealed = commits.map(commit => ({ ...commit, events: commit.sealed }));
  const shreds = shredsOf(sealed);
  await foldShredding(client, keys, projections, { commits, shreds, neverStored: new Set() });
  const shredded = shreds.at(-1)?.position ?? null;
  await client.query('update dateline.build set shredded = greatest(shredded, $2) where name = $1', [
    checkpoint.name,
    shredded,
  ]);
  const left = [id, still?.at ?? null, still?.reason ?? null];
  await client.query('delete from quarantined where stream = $1 and ($2::integer is null or position < $2)', [
    id,
    left[1],
  ]);
  await client.query('update stream set quarantined_at = $2, reason = $3 where id = $1', left);
  if (commits.length > 0) {
    await enterRewritten(client, checkpoint.name, stream);
    await announce(client, checkpoint);
  }
  return still;
}

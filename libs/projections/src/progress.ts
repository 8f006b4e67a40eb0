import { decode, emptyLog, type Headers } from '#event-log';
import { inTransaction, type Client, type Pool } from '#postgres';
import { Map as Dictionary } from 'immutable';
import { foldCommits, moveCheckpoint } from './apply.js';
import { ensureBuild, useBuild } from './build.js';
import type { Projection } from './fold.js';
import type { Progress } from './settle.js';

interface StreamRow {
  readonly stream: string;
  readonly head: string;
  readonly seq: number;
  readonly quarantined_at: number | null;
  readonly reason: string | null;
}

/** Where the projections' build stands; it is made where it is missing. */
export function loadProgress(pool: Pool, projections: readonly Projection[]): Promise<Progress> {
  return inTransaction(pool, 'write', async client => {
    const checkpoint = await ensureBuild(client, projections);
    await useBuild(client, checkpoint.name);
    const { rows } = await client.query<StreamRow>('select * from stream');
    const { log, position } = checkpoint;
    const heads = Dictionary(rows.map(({ stream, head: id, seq }) => [stream, { id, seq }]));
    const quarantined = rows.flatMap(({ stream, quarantined_at: at, reason }) =>
      at === null ? [] : [[stream, { at, reason: reason ?? '' }] as const],
    );
    return {
      checkpoint,
      arbitration: log === null ? emptyLog : { genesis: log, position, heads },
      quarantined: new Map(quarantined),
    };
  });
}

interface KeptRow {
  readonly position: number;
  readonly id: string;
  readonly seq: number;
  readonly headers: Headers;
  readonly value: Buffer;
}

/**
 * Folds the quarantined streams that can be read by now, to the same rows as if they always could. A stream's rows
 * depend on that stream alone, so it does not matter that others went on.
 */
export async function releaseQuarantined(
  pool: Pool,
  projections: readonly Projection[],
  progress: Progress,
): Promise<Progress> {
  const { checkpoint } = progress;
  const quarantined = new Map(progress.quarantined);
  for (const stream of progress.quarantined.keys()) {
    const released = await inTransaction(pool, 'write', async client => {
      await moveCheckpoint(client, checkpoint, checkpoint);
      await useBuild(client, checkpoint.name);
      return release(client, projections, stream);
    });
    if (released) quarantined.delete(stream);
  }
  return { ...progress, quarantined };
}

async function release(client: Client, projections: readonly Projection[], stream: string): Promise<boolean> {
  const { rows } = await client.query<KeptRow>('select * from quarantined where stream = $1 order by position', [
    stream,
  ]);
  const read = rows.map(({ headers, value, ...at }) => decode(headers, value, { won: true, stream, ...at }));
  const commits = read.flatMap(result => ('commit' in result ? [result.commit] : []));
  if (commits.length < rows.length) return false;
  await foldCommits(client, projections, commits);
  await client.query('delete from quarantined where stream = $1', [stream]);
  await client.query('update stream set quarantined_at = null, reason = null where stream = $1', [stream]);
  return true;
}

import { actorStream } from '#domain';
import type { Keys, KeyStore } from '#keys';
import { inTransaction, type Client, type Pool } from '#postgres';
import { useBuild } from '../builds/build.js';
import { liveBuild } from '../builds/checkpoints.js';

/** No build is live yet: the projector has not made one. */
export class NoLiveBuild extends Error {}

/** The keys of a story's developments, by id. Where the database stores them, read in the client's snapshot. */
export type KeysOfStory = (client: Client, story: string, developments: Iterable<string>) => Promise<Keys>;

/** The live build in one snapshot, for queries. */
export interface Reading {
  readonly client: Client;
  /** Gets keys to open commits of a story. */
  readonly keysOf: (story: string, developments: Iterable<string>) => Promise<Keys>;
  readonly build: string;
  /** The name of the version that made the build, see `buildName`: builds of the same name have the same rows. */
  readonly made: string;
  /** Position of the log up to which the rows are folded. */
  readonly position: number;
  readonly log: string | null;
}

/** Runs queries on the live build, all in one snapshot. Rejects with NoLiveBuild where there is none. */
export function reading<T>(
  { pool, keys }: { readonly pool: Pool; readonly keys: KeysOfStory | Pick<KeyStore, 'keysOf'> },
  run: (reading: Reading) => Promise<T>,
): Promise<T> {
  const keysOf: KeysOfStory = typeof keys === 'function' ? keys : (_client, _story, ids) => keys.keysOf(ids);
  return inTransaction(pool, 'read', async client => {
    const live = await liveBuild(client);
    if (!live) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
    const { name: build, made, position, log } = live;
    await useBuild(client, build);
    return run({
      client,
      keysOf: (story, ids) => keysOf(client, story, ids),
      build,
      made,
      position,
      log,
    });
  });
}

/**
 * The last position, up to the given one, of a commit that shows readers something: of a story, of the registry, or the log's first.
 * Commits that show them nothing (embargoes, internal approvals) have positions too, which must not be revealed.
 */
export async function readablePosition(client: Client, position: number): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    `select greatest(
       (select max(position) from timeline_change where position <= $1),
       (select max(position) from commit where starts_with(stream, $2) and position <= $1),
       least($1::integer, 1)
     ) as position`,
    [position, actorStream('')],
  );
  return rows[0]!.position;
}

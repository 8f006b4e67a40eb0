import { allOf, inTransaction, type Client, type Pool } from '#postgres';
import { useBuild } from '../builds/build.js';
import { liveBuild } from '../builds/checkpoints.js';

/** No build is live yet: the projector has not made one. */
export class NoLiveBuild extends Error {}

/** The live build in one snapshot, for queries. */
export interface Reading {
  readonly client: Client;
  readonly build: string;
  /** The name of the version that made the build, see `buildName`: builds of the same name have the same rows. */
  readonly made: string;
  /** Position of the log up to which the rows are folded. */
  readonly position: number;
  readonly log: string | null;
}

/** Runs queries on the live build, all in one snapshot. Rejects with NoLiveBuild where there is none. */
export function reading<T>({ pool }: { readonly pool: Pool }, run: (reading: Reading) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'read', async client => {
    const live = await liveBuild(client);
    if (!live) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
    const { name: build, made, position, log } = live;
    // The first statements of `run` leave with it.
    const [, result] = await allOf(useBuild(client, build), run({ client, build, made, position, log }));
    return result;
  });
}

import type { KeyStore } from '#keys';
import { inTransaction, type Client } from '#postgres';
import type { Stores } from './apply.js';
import { useBuild } from './build.js';
import { liveBuild } from './swap.js';

/** No build is live yet: the projector has not made one. */
export class NoLiveBuild extends Error {}

export interface Reading {
  readonly client: Client;
  /** To open what commits tell. */
  readonly keys: Pick<KeyStore, 'keysOf'>;
  readonly build: string;
  /** What made the build: another one of the same gives the same rows. */
  readonly made: string;
  /** Position of the whole log that the rows stand at. */
  readonly position: number;
  readonly log: string | null;
}

/** Runs queries on the live build, all in one snapshot. Rejects with NoLiveBuild where there is none. */
export function reading<T>({ pool, keys }: Stores, run: (reading: Reading) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'read', async client => {
    const live = await liveBuild(client);
    if (!live) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
    const { name: build, made, position, log } = live;
    await useBuild(client, build);
    return run({ client, keys, build, made, position, log });
  });
}

import type { KeyStore } from '#keys';
import { inTransaction, type Client } from '#postgres';
import type { Stores } from './apply.js';
import { useBuild, type Checkpoint } from './build.js';

/** No build is live yet: the projector has not made one. */
export class NoLiveBuild extends Error {}

export interface Reading {
  readonly client: Client;
  /** To open what commits tell. */
  readonly keys: Pick<KeyStore, 'keysOf'>;
  readonly build: string;
  /** Position of the whole log that the rows stand at. */
  readonly position: number;
  readonly log: string | null;
}

/** Runs queries on the live build, all in one snapshot. Rejects with NoLiveBuild where there is none. */
export function reading<T>({ pool, keys }: Stores, run: (reading: Reading) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'read', async client => {
    const { rows } = await client.query<Checkpoint>('select * from dateline.build where live');
    if (!rows[0]) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
    const { name: build, position, log } = rows[0];
    await useBuild(client, build);
    return run({ client, keys, build, position, log });
  });
}

import type { KeyStore } from '#keys';
import { inTransaction, tryLock, type Pool } from '#postgres';
import {
  auditorsBuild,
  buildsNamed,
  dropBuild,
  loadProgress,
  lockOfBuild,
  type Progress,
  type Projection,
  type Stores,
} from '#projections';
import { randomUUID } from 'node:crypto';
import { CandidateBuild } from './candidate-build.js';

/** A view of the store that remembers destructions itself: a key destroyed through it is missing in the view, and the store does not change. */
export function withDestroyedKeys(store: KeyStore): KeyStore {
  const gone = new Map<string, string>();
  const keysOf: KeyStore['keysOf'] = async developments => {
    const ids = [...developments];
    const keys = new Map(await store.keysOf(ids));
    for (const id of ids) {
      const destroyed = gone.get(id);
      if (destroyed !== undefined) keys.set(id, { destroyed });
    }
    return keys;
  };
  return {
    ...store,
    keysOf,
    destroy: async developments => {
      for (const id of developments) gone.set(id, new Date().toISOString());
    },
  };
}

/** A temporary build for one comparison. It destroys no keys, whatever the log contains. */
export class Shadow extends CandidateBuild {
  private constructor(
    stores: Stores,
    projections: readonly Projection[],
    progress: Progress,
    private readonly release: () => Promise<void>,
  ) {
    super(stores, projections, progress);
  }

  /** Creates an empty shadow. First drops the shadows of killed processes. */
  static async open(stores: Stores, databaseUrl: string, projections: readonly Projection[]): Promise<Shadow> {
    const { pool } = stores;
    await sweep(pool, databaseUrl);
    const name = `${auditorsBuild}${randomUUID().replaceAll('-', '').slice(0, 12)}`;
    const lock = await tryLock(databaseUrl, lockOfBuild(name));
    if (!lock) throw new Error(`Another process holds the lock of ${name}. Wait until it ends, then run this again.`);
    const progress = await loadProgress(pool, projections, name);
    const spared = { pool, keys: withDestroyedKeys(stores.keys) };
    return new Shadow(spared, projections, progress, () => lock.release());
  }

  override async drop(): Promise<void> {
    await super.drop();
    await this.release();
  }
}

async function sweep(pool: Pool, databaseUrl: string): Promise<void> {
  for (const name of await buildsNamed(pool, auditorsBuild)) {
    const lock = await tryLock(databaseUrl, lockOfBuild(name));
    if (!lock) continue;
    await inTransaction(pool, 'write', client => dropBuild(client, name)).finally(() => lock.release());
  }
}

import { allOf, inTransaction, preparing, type Client, type Pool } from '#postgres';
import { useBuild } from '../builds/build.js';
import { liveBuild } from '../builds/checkpoints.js';

/** No build is live yet: the projector has not made one. */
export class NoLiveBuild extends Error {}

/** The live build in one snapshot, for queries. */
export interface Reading {
  /** Reads the present rows. */
  readonly client: Client;
  /**
   * Reads the rows as of a position of the log, with the same queries; of a story perhaps only what is known to have begun by an instant.
   * They reject with NoPastRows if the build keeps no such past.
   */
  readonly asOf: (position: number, begun?: number) => Client;
  readonly build: string;
  /** The name of the version that made the build, see `buildName`: builds of the same name have the same rows. */
  readonly made: string;
  /** Position of the log up to which the rows are folded. */
  readonly position: number;
  readonly log: string | null;
}

/** Runs queries on the live build, all in one snapshot. Rejects with NoLiveBuild if there is none. */
export function reading<T>({ pool }: { readonly pool: Pool }, run: (reading: Reading) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'read', async client => {
    const live = await liveBuild(client);
    if (!live) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
    const { name: build, made, position, log } = live;
    const clientAt = sharing(client, build);
    return run({ client: clientAt(), asOf: clientAt, build, made, position, log });
  });
}

/**
 * Clients that share a connection, each of which reads a build's rows as of a position, or now. The position is a setting of the connection,
 * so it leaves with the first statement of a client whose turn it is.
 */
function sharing(connection: Client, build: string): (position?: number, begun?: number) => Client {
  const setting = preparing(connection, 'reading');
  let set: string | undefined;
  return (at, begun) => {
    const wanted = `${at} ${begun}`;
    const query = async (...statement: unknown[]): Promise<unknown> => {
      const past = at === undefined ? undefined : { at, begun };
      const isSet = set === wanted ? Promise.resolve() : useBuild(setting, build, past);
      set = wanted;
      const asked = (connection.query as (...asked: unknown[]) => Promise<unknown>)(...statement);
      return (await allOf(asked, isSet))[0];
    };
    return { query } as unknown as Client;
  };
}

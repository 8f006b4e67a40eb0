import { canonicalJson, digest, sha256 } from '#domain';
import { escapeIdentifier, inTransaction, type Pool } from '#postgres';
import { checkpointOf, useBuild } from './build.js';
import type { Projection } from './fold.js';

export interface BuildHash {
  readonly position: number;
  readonly all: string;
  /** One for each table: SHA-256 of its rows as canonical JSON, one a line, in the order of the key. */
  readonly tables: Readonly<Record<string, string>>;
}

/** The same log gives the same hash, however it was folded. */
export function hashBuild(pool: Pool, build: string, projections: readonly Projection[]): Promise<BuildHash> {
  return inTransaction(pool, 'read', async client => {
    await useBuild(client, build);
    const checkpoint = await checkpointOf(client, build);
    const tables: Record<string, string> = {};
    for (const [table, { key }] of Object.entries(tablesOf(projections))) {
      const order = key.map(escapeIdentifier).join(', ');
      const { rows } = await client.query(`select * from ${escapeIdentifier(table)} order by ${order}`);
      tables[table] = sha256(rows.map(row => canonicalJson(row)).join('\n'));
    }
    return { position: checkpoint?.position ?? 0, all: digest(tables), tables };
  });
}

const tablesOf = (projections: readonly Projection[]) =>
  Object.assign({}, ...projections.map(({ tables }) => tables)) as Projection['tables'];

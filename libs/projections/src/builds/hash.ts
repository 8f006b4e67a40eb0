import { canonicalJson, digest } from '#domain';
import { escapeIdentifier, inTransaction, type Client, type Pool } from '#postgres';
import { createHash } from 'node:crypto';
import { useBuild } from './build.js';
import { checkpointOf } from './checkpoints.js';
import { storedIn, type Stored } from './past.js';
import { tablesOf, type Projection } from '../folds/fold.js';

/** SHA-256 of each table's rows as canonical JSON, one a line, in the order of the key. */
export type TableHashes = Readonly<Record<string, string>>;

/** A build's position, and the hashes of its tables. */
export interface BuildHash {
  readonly position: number;
  readonly all: string;
  readonly tables: TableHashes;
}

/** The same log gives the same hash, regardless of the batches in which it was folded. */
export function hashBuild(pool: Pool, build: string, projections: readonly Projection[]): Promise<BuildHash> {
  return inTransaction(pool, 'read', async client => {
    const tables = await hashTables(client, build, storedIn(tablesOf(projections)));
    const checkpoint = await checkpointOf(client, build);
    return { position: checkpoint?.position ?? 0, all: digest(tables), tables };
  });
}

/** Call it in a transaction, whose current build it changes. */
export async function hashTables(client: Client, build: string, tables: Stored): Promise<TableHashes> {
  await useBuild(client, build);
  const hashes: Record<string, string> = {};
  for (const [table, { relation, key }] of Object.entries(tables))
    hashes[table] = await hashTable(client, relation, key);
  return hashes;
}

const rowsAtOnce = 1_000;

async function hashTable(client: Client, table: string, key: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const order = key.map(escapeIdentifier).join(', ');
  await client.query(`declare hashed no scroll cursor for select * from ${escapeIdentifier(table)} order by ${order}`);
  for (let first = true; ;) {
    const { rows } = await client.query(`fetch ${rowsAtOnce} from hashed`);
    if (rows.length === 0) break;
    hash.update(`${first ? '' : '\n'}${rows.map(row => canonicalJson(row)).join('\n')}`);
    first = false;
  }
  await client.query('close hashed');
  return hash.digest('hex');
}

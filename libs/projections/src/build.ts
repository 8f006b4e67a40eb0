import { digest } from '#domain';
import { escapeIdentifier, projectFile, type Client } from '#postgres';
import { readFileSync } from 'node:fs';
import type { Projection } from './fold.js';
import { enterVisible } from './visibility.js';

const folder = 'libs/projections/src';
const sqlOf = (path: string) => readFileSync(projectFile(`${folder}/${path}`), 'utf8');
const tablesOf = (projections: readonly Projection[]) =>
  ['build.sql', ...projections.map(({ name }) => `${name}/table.sql`)].map(sqlOf);

/** The schema that holds all rows made by these projections: other projections, versions or tables are another build. */
export function buildName(projections: readonly Projection[]): string {
  const made = projections.map(({ name, version }) => ({ name, version }));
  return `build_${digest({ made, sql: tablesOf(projections) }).slice(0, 12)}`;
}

/** Where a build stands. */
export interface Checkpoint {
  readonly name: string;
  /** The log's id; null before the first commit. */
  readonly log: string | null;
  readonly position: number;
  readonly next_offset: number;
  readonly last_record: string | null;
  readonly live: boolean;
}

export const useBuild = (client: Client, build: string) =>
  client.query(`set local search_path to ${escapeIdentifier(build)}`);

/** Creates the build's schema and tables where they are missing, and gives its checkpoint. In a transaction. */
export async function ensureBuild(
  client: Client,
  projections: readonly Projection[],
  name = buildName(projections),
): Promise<Checkpoint> {
  await client.query('lock table dateline.build in share row exclusive mode');
  const existing = await checkpointOf(client, name);
  if (existing) return existing;
  await client.query(`create schema ${escapeIdentifier(name)}`);
  await useBuild(client, name);
  for (const sql of tablesOf(projections)) await client.query(sql);
  await client.query('insert into dateline.build (name) values ($1)', [name]);
  return (await checkpointOf(client, name))!;
}

export async function checkpointOf(client: Client, build: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Checkpoint>('select * from dateline.build where name = $1', [build]);
  return rows[0];
}

/** Makes it the build that readers read. In a transaction; readers see the one or the other, whole. */
export async function promote(client: Client, build: string): Promise<void> {
  await client.query('update dateline.build set live = false where live and name <> $1', [build]);
  await client.query('update dateline.build set live = true where name = $1', [build]);
  await enterVisible(client, build);
  await client.query(`select pg_notify('dateline', $1)`, [JSON.stringify({ build })]);
}

/** Drops its rows and forgets its checkpoint, for a replay from the log's start. In a transaction. */
export async function dropBuild(client: Client, build: string): Promise<void> {
  // The checkpoint first, as a batch does, or the two would wait for each other.
  await client.query('delete from dateline.build where name = $1', [build]);
  await client.query(`drop schema if exists ${escapeIdentifier(build)} cascade`);
}

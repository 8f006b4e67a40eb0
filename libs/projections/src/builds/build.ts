import { projectFile } from '#checkout';
import { digest } from '#domain';
import { escapeIdentifier, type Client, type Pool } from '#postgres';
import { readFileSync } from 'node:fs';
import { tablesOf, type Projection } from '../folds/fold.js';
import { checkpointOf, type Checkpoint } from './checkpoints.js';
import { begunSchema, begunViews, createBegun, createPast, createViews, layout, pastSchema } from './past.js';
import { grantBuild } from './rights.js';

const folder = 'libs/projections/src';
const sqlOf = (path: string) => readFileSync(projectFile(`${folder}/${path}`), 'utf8');
const statementsOf = (projections: readonly Projection[]) =>
  ['builds/build.sql', ...projections.map(({ name }) => `folds/${name}/table.sql`)].map(sqlOf);
const viewsOf = (projections: readonly Projection[]) =>
  projections.flatMap(({ name, hasViews }) => (hasViews ? [sqlOf(`folds/${name}/views.sql`)] : []));

/**
 * The name of the builds that these projections make, and of the first one's schema. It changes with the projections, their versions
 * and their tables.
 */
export function buildName(projections: readonly Projection[]): string {
  const made = projections.map(({ name, version }) => ({ name, version }));
  const kept = Object.entries(tablesOf(projections)).map(([table, how]) => {
    const { past = null, placed = null, manyVersions = false, counted = [] } = how;
    return { table, past, placed, manyVersions, counted };
  });
  return `build_${digest({ made, sql: statementsOf(projections), views: viewsOf(projections), begun: begunViews(), layout, kept }).slice(0, 12)}`;
}

/** The build has no former rows, because an earlier version created it. The projector of this version makes another build. */
export class NoPastRows extends Error {}

/** A state of a build's rows: as of a position, and of it perhaps only what is known to have begun by an instant. */
export interface Past {
  readonly at: number;
  /** In milliseconds since 1970. */
  readonly begun?: number | undefined;
}

/**
 * Selects the build whose tables the transaction's statements use: their current rows, or rows of the past, which can only be read until
 * the transaction ends. Tables without a past keep showing their current rows. Rejects with NoPastRows.
 *
 * Statements are not compiled: Postgres takes a page of the past for costly, as it does not know that it stops after a few rows, and compiling
 * takes a hundred times as long as running it.
 */
export async function useBuild(client: Client, build: string, past?: Past): Promise<void> {
  const { at, begun } = past ?? {};
  const happened = begun === undefined ? [] : [begunSchema(build)];
  const schemas = past ? [...happened, pastSchema(build), build] : [build];
  const { rows } = await client.query<{ found: boolean }>(
    `select set_config('search_path', $1, true), set_config('dateline.at', $2, true), set_config('dateline.begun', $3, true),
       set_config('jit', 'off', true), to_regnamespace($4) is not null as found`,
    [schemas.map(escapeIdentifier).join(', '), String(at ?? ''), String(begun ?? ''), escapeIdentifier(schemas[0]!)],
  );
  if (!past) return;
  if (!rows[0]!.found) throw new NoPastRows(`${build} keeps no past. Wait until another build is live.`);
  await client.query('set local transaction_read_only to on');
}

/**
 * The name of the build that projectors of one version fold. Of the builds that it made, the one that readers use or used last: a rebuild counts only
 * once readers have used it.
 */
export async function buildToFold(client: Client | Pool, made: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'select name from dateline.build where made = $1 and promoted_at is not null order by live desc, promoted_at desc limit 1',
    [made],
  );
  return rows[0]?.name ?? made;
}

/** Creates the build's schema and tables if they are missing; returns its checkpoint. Call it in a transaction. */
export async function ensureBuild(
  client: Client,
  projections: readonly Projection[],
  given?: string,
): Promise<Checkpoint> {
  const made = buildName(projections);
  const name = given ?? (await buildToFold(client, made));
  const existing = await checkpointOf(client, name);
  if (existing) return existing;
  await client.query('lock table dateline.build in share row exclusive mode');
  const meanwhile = await checkpointOf(client, name);
  if (meanwhile) return meanwhile;
  await client.query(`create schema ${escapeIdentifier(name)}`);
  await useBuild(client, name);
  for (const sql of statementsOf(projections)) await client.query(sql);
  await createPast(client, name, projections);
  await createViews(client, name, viewsOf(projections));
  await createBegun(client, name, projections);
  await grantBuild(client, name, projections);
  await client.query('insert into dateline.build (name, made) values ($1, $2)', [name, made]);
  return (await checkpointOf(client, name))!;
}

/** Drops the build's rows and its checkpoint, for a replay from the log's start. Call it in a transaction. */
export async function dropBuild(client: Client, build: string): Promise<void> {
  // Lock the checkpoint first, as a batch does, or the two would deadlock.
  await client.query('delete from dateline.build where name = $1', [build]);
  for (const schema of [begunSchema(build), pastSchema(build), build])
    await client.query(`drop schema if exists ${escapeIdentifier(schema)} cascade`);
}

/**
 * Drops the build if there is one and readers do not read it. They may do so since the caller looked: it waits for a swap that is under way.
 * Returns whether it dropped it. Call it in a transaction.
 */
export async function dropUnlessLive(client: Client, build: string): Promise<boolean> {
  const { rowCount } = await client.query('select from dateline.build where name = $1 and not live for update', [
    build,
  ]);
  if (rowCount !== 1) return false;
  await dropBuild(client, build);
  return true;
}

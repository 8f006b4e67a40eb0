import type { OpenCommit } from '#domain';
import type { Client } from '#postgres';
import { foldAll } from '../folds/fold-all.js';
import type { Projection } from '../folds/fold.js';
import { loadRows, writeRows } from './rows.js';
import { Workspace } from '../folds/workspace.js';

/** Folds commits, in order, into the rows of every projection. */
export async function foldCommits(
  client: Client,
  projections: readonly Projection[],
  commits: readonly OpenCommit[],
): Promise<void> {
  if (commits.length === 0) return;
  const workspaces = new Map<string, Workspace>();
  for (const projection of projections)
    workspaces.set(projection.name, await loadWorkspace(client, projection, commits));
  foldAll(projections, workspaces, commits);
  for (const { name, tables } of projections) await writeRows(client, tables, workspaces.get(name)!.written());
}

async function loadWorkspace(
  client: Client,
  projection: Projection,
  commits: readonly OpenCommit[],
): Promise<Workspace> {
  const { tables } = projection;
  const workspace = new Workspace(tables);
  const touched = Object.entries(
    Object.groupBy(
      commits.flatMap(commit => projection.touches(commit)),
      touch => touch.table,
    ),
  );
  for (const [table, touches = []] of touched)
    workspace.load(touches, { [table]: await loadRows(client, table, tables[table]!, touches) });
  return workspace;
}

import type { OpenCommit } from '#domain';
import type { Projection, ShownCommit } from './fold.js';
import { visibleToReaders } from './withheld/embargo-filter.js';
import { withheld } from './withheld/projection.js';
import { Workspace } from './workspace.js';

/** The rows of a batch by projection name, the embargo filter's included. */
export type Workspaces = ReadonlyMap<string, Workspace>;

/** Folds commits, in order, into the rows of every projection, through the embargo filter. */
export function foldAll(
  projections: readonly Projection[],
  workspaces: Workspaces,
  commits: readonly OpenCommit[],
): void {
  const hidden = workspaces.get(withheld.name);
  if (!hidden)
    throw new TypeError('The projection `withheld` is missing: without it, embargoed text would be readable.');
  for (const commit of commits) {
    const shown = visibleToReaders(hidden, commit);
    for (const projection of projections) {
      const workspace = workspaces.get(projection.name)!;
      for (const change of projection.fold(workspace, shown)) workspace.change(change, commit.position);
    }
  }
}

/** Filters all commits of some streams, from the first, to the part that readers may see. Pure. */
export function readable(commits: readonly OpenCommit[]): ShownCommit[] {
  const hidden = new Workspace(withheld.tables);
  return commits.map(commit => {
    hidden.load(withheld.touches(commit), {});
    const shown = visibleToReaders(hidden, commit);
    for (const change of withheld.fold(hidden, shown)) hidden.change(change, commit.position);
    return shown;
  });
}

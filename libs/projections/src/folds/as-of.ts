import { actorState } from './actor-state/projection.js';
import type { CitationRow, CitedMark, MarkRow } from './actor-state/rows.js';
import { actors, type ActorRow } from './actors/projection.js';
import type { Projection, ReadableCommit, Row } from './fold.js';
import { keyPoints } from './key-points/projection.js';
import type { KeyPointRow } from './key-points/rows.js';
import { stories } from './stories/projection.js';
import { readableStory, type StoryRow, type StoryTables } from './stories/rows.js';
import { timeline } from './timeline/projection.js';
import type { TimelineRow } from './timeline/rows.js';
import { Workspace } from './workspace.js';

/** One story and the registry after certain commits: the rows that the tables held then. Each table is folded on first use. */
export interface RowsAsOf {
  /** Undefined before it was opened. */
  readonly story: StoryRow | undefined;
  /** In story order. */
  readonly timeline: readonly TimelineRow[];
  /** In their order. */
  readonly keyPoints: readonly KeyPointRow[];
  /** Of all its actors, in the order of recording. */
  readonly marks: readonly CitedMark[];
  readonly actors: readonly ActorRow[];
}

/** Folds the readable commits of one story and of the registry, each from its first, with the projections themselves. Pure. */
export function asOf(ofStory: readonly ReadableCommit[], ofRegistry: readonly ReadableCommit[]): RowsAsOf {
  const story = once(() => storyAsOf(ofStory));
  const entries = once(() => (rowsOf(timeline, ofStory).timeline as TimelineRow[]).sort(byOrder));
  const marks = once(() => citedMarks(rowsOf(actorState, ofStory)));
  const points = once(() =>
    (rowsOf(keyPoints, ofStory).key_point as KeyPointRow[])
      .filter(({ place }) => place !== null)
      .sort((a, b) => a.place! - b.place!),
  );
  const registered = once(() => rowsOf(actors, ofRegistry).actor as ActorRow[]);
  return {
    get story() {
      return story();
    },
    get timeline() {
      return entries();
    },
    get keyPoints() {
      return points();
    },
    get marks() {
      return marks();
    },
    get actors() {
      return registered();
    },
  };
}

/** The row of a story after only these of its commits; undefined before it was opened. Pure. */
export const storyAsOf = (commits: readonly ReadableCommit[]): StoryRow | undefined =>
  readableStory(rowsOf(stories, commits) as unknown as StoryTables);

function citedMarks({ actor_citation, actor_mark }: Record<string, Row[]>): CitedMark[] {
  const citations = new Map((actor_citation as CitationRow[]).map(row => [row.development, row]));
  const marks = (actor_mark as MarkRow[]).map(mark => ({ ...citations.get(mark.development)!, ...mark }));
  return marks.sort((a, b) => byOrder(a, b) || a.mark - b.mark);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const byOrder = (a: Placed, b: Placed) => a.position - b.position || a.ordinal - b.ordinal;
type Placed = { readonly position: number; readonly ordinal: number };

/** The fields of a commit that folds of readers' rows do not read. */
const hidden = { id: '', seq: 0, parent: '', command: '', sealed: [], withheld: [] };

/** Every row of a projection's tables after only these commits. */
function rowsOf(projection: Projection, commits: readonly ReadableCommit[]): Record<string, Row[]> {
  const workspace = new Workspace(projection.tables);
  for (const commit of commits) {
    const shown = { ...hidden, ...commit, by: { id: '', ...commit.by } };
    workspace.load(projection.touches(shown), {});
    for (const change of projection.fold(workspace, shown)) workspace.change(change, commit.position);
  }
  const none = Object.keys(projection.tables).map(table => [table, []]);
  const some = workspace.written().map(({ table, puts }) => [table, puts.map(({ row }) => row)]);
  return Object.fromEntries([...none, ...some]) as Record<string, Row[]>;
}

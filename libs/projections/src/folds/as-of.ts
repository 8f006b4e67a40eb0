import type { Occurred } from '#domain';
import { actorState } from './actor-state/projection.js';
import type { CitationRow, CitedMark, MarkRow } from './actor-state/rows.js';
import { actors, type ActorRow } from './actors/projection.js';
import { developmentsOf, type Projection, type Row, type ReadableCommit, type ShownEvent } from './fold.js';
import { stories } from './stories/projection.js';
import type { StoryRow } from './stories/rows.js';
import { finish, type Steps } from './fold-all.js';
import { timeline } from './timeline/projection.js';
import type { TimelineRow } from './timeline/rows.js';
import { Workspace } from './workspace.js';

/** One story and the registry after certain commits: the rows that the tables held then. Each table is folded on first use. */
export interface RowsAsOf {
  /** Undefined before it was opened. */
  readonly story: StoryRow | undefined;
  /** In story order. */
  readonly timeline: readonly TimelineRow[];
  /** Of all its actors, in the order of recording. */
  readonly marks: readonly CitedMark[];
  readonly actors: readonly ActorRow[];
}

/** Folds the readable commits of one story and of the registry, each from its first, with the projections themselves. Pure. */
export function asOf(ofStory: readonly ReadableCommit[], ofRegistry: readonly ReadableCommit[]): RowsAsOf {
  const story = once(() => finish(asOfInSteps.story(ofStory)));
  const entries = once(() => finish(asOfInSteps.timeline(ofStory)));
  const marks = once(() => finish(asOfInSteps.marks(ofStory)));
  const registered = once(() => finish(asOfInSteps.actors(ofRegistry)));
  return {
    get story() {
      return story();
    },
    get timeline() {
      return entries();
    },
    get marks() {
      return marks();
    },
    get actors() {
      return registered();
    },
  };
}

/** The parts of `asOf`, as steps of one commit. */
export const asOfInSteps = {
  *story(ofStory: readonly ReadableCommit[]): Steps<StoryRow | undefined> {
    return ((yield* rowsOf(stories, ofStory)).story as StoryRow[])[0];
  },
  *timeline(ofStory: readonly ReadableCommit[]): Steps<TimelineRow[]> {
    return ((yield* rowsOf(timeline, ofStory)).timeline as TimelineRow[]).sort(byOrder);
  },
  *marks(ofStory: readonly ReadableCommit[]): Steps<CitedMark[]> {
    return citedMarks(yield* rowsOf(actorState, ofStory));
  },
  *actors(ofRegistry: readonly ReadableCommit[]): Steps<ActorRow[]> {
    return (yield* rowsOf(actors, ofRegistry)).actor as ActorRow[];
  },
};

function citedMarks({ actor_citation, actor_mark }: Record<string, Row[]>): CitedMark[] {
  const citations = new Map((actor_citation as CitationRow[]).map(row => [row.development, row]));
  const marks = (actor_mark as MarkRow[]).map(mark => ({ ...citations.get(mark.development)!, ...mark }));
  return marks.sort((a, b) => byOrder(a, b) || a.mark - b.mark);
}

/**
 * Selects from one story's commits the facts known to have happened by an instant (milliseconds since 1970): drops events about
 * developments not known to have begun by then, and settlements of conditions not known to have happened by then.
 */
export function* happenedByInSteps(ofStory: readonly ReadableCommit[], instant: number): Steps<ReadableCommit[]> {
  const rows = yield* asOfInSteps.timeline(ofStory);
  const later = new Set(rows.filter(row => !begunBy(row.occurred, instant)).map(row => row.development));
  const happened = ({ recorded }: ReadableCommit, event: ShownEvent) =>
    isUndated(event) ? Date.parse(recorded) <= instant : !developmentsOf({ events: [event] }).some(id => later.has(id));
  return ofStory
    .map(commit => ({ ...commit, events: commit.events.filter(event => happened(commit, event)) }))
    .filter(({ events }) => events.length > 0);
}

/** Runs `happenedByInSteps` to its end. */
export const happenedBy = (ofStory: readonly ReadableCommit[], instant: number): ReadableCommit[] =>
  finish(happenedByInSteps(ofStory, instant));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const byOrder = (a: Placed, b: Placed) => a.position - b.position || a.ordinal - b.ordinal;
type Placed = { readonly position: number; readonly ordinal: number };

/** A settled condition without a development to date it: only its recording time is known. */
const isUndated = ({ type, data }: ShownEvent) => type === 'ConditionSettled' && data.development === undefined;

/** An end by then implies a beginning by then. A taken-down development has no known time. */
function begunBy(occurred: Occurred | null, instant: number): boolean {
  const known = occurred?.from ?? occurred?.to;
  return known !== undefined && Date.parse(known) <= instant;
}

/** The fields of a commit that folds of readers' rows do not read. */
const hidden = { id: '', seq: 0, parent: '', command: '', sealed: [], withheld: [] };

/** Every row of a projection's tables after only these commits. */
function* rowsOf(projection: Projection, commits: readonly ReadableCommit[]): Steps<Record<string, Row[]>> {
  const workspace = new Workspace(projection.tables);
  for (const commit of commits) {
    const shown = { ...hidden, ...commit, by: { id: '', ...commit.by } };
    workspace.load(projection.touches(shown), {});
    for (const change of projection.fold(workspace, shown)) workspace.change(change, commit.position);
    yield;
  }
  const none = Object.keys(projection.tables).map(table => [table, []]);
  const some = workspace.written().map(({ table, puts }) => [table, puts.map(({ row }) => row)]);
  return Object.fromEntries([...none, ...some]) as Record<string, Row[]>;
}

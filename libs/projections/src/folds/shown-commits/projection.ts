import { storyOf } from '#domain';
import { signatureOf, type LiftedRow, type Projection, type ReadableCommit, type ShownEvent } from '../fold.js';
import { contentIn } from '../forgotten.js';

/** What readers may learn of one commit. */
export type ShownCommitRow = Pick<ReadableCommit, keyof ReadableCommit> & {
  /** Null for the log's first commit. */
  readonly story: string | null;
  /** Whether it changes more of its story's row than the count of developments and the time. */
  readonly shaping: boolean;
};

/** The fields of events' data that folds read. All others, such as an author's role, are for the desk and for auditors. */
const fields = [
  ...['text', 'title', 'summary', 'zone', 'language', 'starts', 'ends', 'ended', 'continues', 'points', 'replaces'],
  ...['development', 'told', 'withheld', 'by', 'retracted', 'to', 'ground', 'condition', 'fate'],
];

/** Events whose payload is for the newsroom: why a story was closed or opened again. */
const unread: readonly string[] = ['StoryClosedSealed', 'StoryReopenedSealed'];

function readableData({ type, data }: ShownEvent): object {
  const given = data as Readonly<Record<string, unknown>>;
  const readable = unread.includes(type) ? fields.filter(name => name !== 'told') : fields;
  const kept = readable.flatMap(name => (name in given ? [[name, given[name]]] : []));
  const outline = 'outline' in data ? { outline: withoutDigest(data.outline) } : {};
  // `as` of a link is the relation; elsewhere it is the author's role. Readers see the `reason` of a condition's fate, and not why a story
  // was closed.
  const relation = 'to' in data ? { as: data.as } : {};
  const reason = 'condition' in data && 'reason' in data ? { reason: data.reason } : {};
  const lifted = 'withheld' in data ? { withheld: liftedOf(data.withheld) } : {};
  return { ...Object.fromEntries(kept), ...outline, ...relation, ...reason, ...lifted };
}

/** The types of events that give conditions, if any, and count developments. */
const giving: ReadonlySet<ShownEvent['type']> = new Set<ShownEvent['type']>([
  'DevelopmentRecorded',
  'DevelopmentCorrected',
  'EmbargoLifted',
]);
/** The types of events that change nothing of a story's row but the time. */
const passing: ReadonlySet<ShownEvent['type']> = new Set<ShownEvent['type']>([
  ...(['DevelopmentClassified', 'DevelopmentEmbargoed', 'DevelopmentVerified', 'DevelopmentDisputed'] as const),
  ...(['DevelopmentSuperseded', 'DevelopmentReinstated', 'DevelopmentLinked', 'DevelopmentUnlinked'] as const),
  ...(['DevelopmentMarkedKey', 'DevelopmentUnmarkedKey', 'DevelopmentRecaptured', 'DevelopmentCopyEdited'] as const),
]);

function isShaping(event: ShownEvent): boolean {
  if (!giving.has(event.type)) return !passing.has(event.type);
  const { data } = event;
  const outline = 'withheld' in data ? data.withheld.outline : 'outline' in data ? data.outline : undefined;
  const named = [outline?.conditions ?? [], contentIn(event)?.modality.conditions ?? []];
  return named.some(conditions => conditions.length > 0);
}

const liftedOf = ({ by, outline, ...withheld }: LiftedRow) => ({
  ...withheld,
  by: signatureOf(by),
  outline: withoutDigest(outline),
});

/** The digest is made with the development's key, and nobody without the key can use it. */
const withoutDigest = ({ digest: _digest, ...outline }: { readonly digest: string }): object => outline;

/**
 * What readers may learn of each commit of a story, and of the log's first: its place, its time, its author and the events that they were shown, opened. Answers about
 * when something was known, and about what had happened by an instant, are read from it without any key.
 */
export const shownCommits: Projection = {
  name: 'shown-commits',
  version: 4,
  tables: { shown_commit: { key: ['position'], by: ['position'], story: 'story', past: 'once' } },
  readers: ['shown_commit'],
  touches: () => [],
  fold(_held, { stream, position, recorded, by, events }) {
    const story = storyOf({ stream }) ?? null;
    // What readers may learn of the registry's commits depends on stories: see `readable_actor_change`.
    if ((story === null && stream !== 'log') || events.length === 0) return [];
    const shown =
      story === null
        ? events
        : events.map(event => ({ type: event.type, data: readableData(event) }) as unknown as ShownEvent);
    const shaping = story !== null && shown.some(isShaping);
    const put: ShownCommitRow = { position, story, stream, recorded, by: signatureOf(by), events: shown, shaping };
    return [{ table: 'shown_commit', put }];
  },
};

import { actorsOf, payloadOf, storyOf } from '#domain';
import {
  developmentsOf,
  untouched,
  type Change,
  type Held,
  type OtherType,
  type ShownCommit,
  type ShownEvent,
  type Touch,
  type WholeStoryType,
} from '../fold.js';
import { contentIn } from '../forgotten.js';

/** An actor whom a development names, in its present content or in a former one that readers can still open. */
export type MentionRow = {
  readonly story: string;
  readonly development: string;
  readonly actor: string;
  /** The position of the first commit that shows readers the actor in it. */
  readonly position: number;
};

/** The events that name no actor. */
type IgnoredType =
  | OtherType
  | WholeStoryType
  | 'ConditionSettled'
  | 'ConditionSettledSealed'
  | 'ContentShredded'
  | 'DevelopmentCopyEdited'
  | 'DevelopmentRecaptured'
  | 'DevelopmentDisputed'
  | 'DevelopmentEmbargoed'
  | 'DevelopmentLinked'
  | 'DevelopmentMarkedKey'
  | 'DevelopmentPinned'
  | 'DevelopmentReinstated'
  | 'DevelopmentRetracted'
  | 'DevelopmentSuperseded'
  | 'DevelopmentUnlinked'
  | 'DevelopmentUnmarkedKey'
  | 'DevelopmentUnpinned'
  | 'DevelopmentVerified';

/** The rows of the developments that a commit names. */
export const mentionsTouched = (
  commit: Parameters<typeof storyOf>[0] & Parameters<typeof developmentsOf>[0],
): Touch[] => {
  const story = storyOf(commit);
  return story ? developmentsOf(commit).map(id => ({ table: 'actor_mention', values: [story, id] })) : [];
};

/** The actors whom an event shows to readers, each with the development: none if its words were taken down. */
function namedBy(event: ShownEvent): readonly (readonly [development: string, actor: string])[] {
  const named = (development: string, content: Parameters<typeof actorsOf>[0] | null | undefined) =>
    content ? actorsOf(content).map(actor => [development, actor] as const) : [];
  const { type, data } = event;
  switch (type) {
    case 'DevelopmentRecorded':
    case 'DevelopmentCorrected':
    case 'EmbargoLifted':
      return named(data.development, contentIn(event));
    case 'DevelopmentClassified': {
      const payload = payloadOf(data);
      // The source was named by the content before, so a group in its place names nobody.
      return named(data.development, payload && { ...payload, sourcing: { basis: 'desk', standing: 'reported' } });
    }
    default:
      return untouched(type satisfies IgnoredType, []);
  }
}

/** Who is named by a commit of a story, in the development for the first time. */
export function mentionsIn(held: Held, commit: ShownCommit): Change[] {
  const story = storyOf(commit);
  if (!story) return [];
  const named = new Map<string, MentionRow>();
  for (const event of commit.events) {
    for (const [development, actor] of namedBy(event))
      if (!held.get('actor_mention', [story, development, actor]))
        named.set(`${development} ${actor}`, { story, development, actor, position: commit.position });
  }
  return [...named.values()].map(put => ({ table: 'actor_mention', put }));
}

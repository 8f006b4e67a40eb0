import {
  headlineOf,
  type Author,
  type Content,
  type DomainEvent,
  type Fate,
  type OpenCommit,
  type OpenEvent,
} from '#domain';
import type { Visible } from '#projections';
import { differences, type Difference } from './differences.js';

/** One event of a story, as it is told to auditors; null where the event has no such thing. */
export interface Entry {
  readonly position: number;
  /** Number of the commit in its stream, and of the event in its commit, from 0. */
  readonly seq: number;
  readonly ordinal: number;
  readonly act: DomainEvent['type'];
  readonly by: Author;
  readonly recorded: string;
  /** When readers could first see it; null where that is not recorded. */
  readonly visible: string | null;
  readonly development: string | null;
  /** Of the development as it stands after the event; a story's title where it is opened. */
  readonly headline: string | null;
  readonly occurred: Content['occurred'] | null;
  readonly sourcing: Content['sourcing'] | null;
  readonly changes: readonly Difference[];
  readonly wrong: string | null;
  /** The reason given, or a verification's note. */
  readonly why: string | null;
  /** What superseded it, or what was retracted so that it stands again. */
  readonly other: string | null;
  readonly condition: string | null;
  readonly fate: Fate | null;
  /** Conditions that the development hangs on after the event. */
  readonly hangsOn: readonly string[];
}

/** Every event of a story's commits, in order and from the first; the ledger in order too. Pure. */
export function entriesOf(commits: readonly OpenCommit[], ledger: readonly Visible[]): Entry[] {
  const contents = new Map<string, Content>();
  let next = 0;
  return commits.flatMap(commit => {
    while ((ledger[next]?.last ?? Infinity) < commit.position) next++;
    const covering = ledger[next];
    const visible = covering && covering.first <= commit.position ? covering.at : null;
    return commit.events.map((event, ordinal) => {
      const told = tell(event, contents);
      const { position, seq, by, recorded } = commit;
      return { position, seq, ordinal, act: event.type, by, recorded, visible, ...told };
    });
  });
}

/** Notes what the event says of its development, and tells it; of what was taken down, only that something was done. */
function tell({ data }: OpenEvent, contents: Map<string, Content>) {
  const told = 'told' in data ? data.told : null;
  const given: Readonly<Record<string, unknown>> = { ...data, ...told };
  const text = (name: string) => (given[name] ?? null) as string | null;
  const development = text('development');
  const before = development === null ? undefined : contents.get(development);
  if (development !== null && told && 'content' in told) contents.set(development, told.content);
  const content = development === null ? undefined : contents.get(development);
  return {
    development,
    ...(content ? standing(content) : { ...nothing, headline: text('title') }),
    changes: before && content ? differences(before, content) : [],
    wrong: text('wrong'),
    why: text('reason') ?? text('note'),
    other: text('by') ?? text('retracted'),
    condition: text('condition'),
    fate: text('fate') as Fate | null,
  };
}

const nothing = { occurred: null, sourcing: null, hangsOn: [] };
const standing = (content: Content) => ({
  headline: headlineOf(content, actor => actor),
  occurred: content.occurred,
  sourcing: content.sourcing,
  hangsOn: (content.modality.conditions ?? []).map(({ id }) => id),
});

/** The events behind developments: those about one, or that let one replace another, or settle what one hangs on. */
export function behind(entries: readonly Entry[], developments: ReadonlySet<string>): Entry[] {
  const has = (id: string | null) => id !== null && developments.has(id);
  const hangsOn = new Set(entries.filter(({ development }) => has(development)).flatMap(entry => entry.hangsOn));
  return entries.filter(
    ({ development, other, condition }) =>
      has(development) || has(other) || (condition !== null && hangsOn.has(condition)),
  );
}

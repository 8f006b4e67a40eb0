import {
  canonicalJson,
  headlineOf,
  isInternal,
  payloadOf,
  type Approvable,
  type Approver,
  type Author,
  type Content,
  type DomainEvent,
  type Fate,
  type Ground,
  type Link,
  type OpenCommit,
  type OpenEvent,
  type Recorder,
} from '#domain';
import { contentIn, isForgotten, readable, type VisibilityEntry } from '#projections';

/** A field with different values; undefined where it is absent. `field` is the path to it, joined by dots. */
export interface Difference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The differences between two values, down to fields of nested objects. A list is compared as a whole. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (before === after || (defined(before, after) && canonicalJson(before) === canonicalJson(after))) return [];
  if (!isObject(before) || !isObject(after)) return [{ field: path.join('.'), before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name => differences(before[name], after[name], [...path, name]));
}

const defined = (...values: readonly unknown[]) => values.every(value => value !== undefined);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One event of a story for auditors; null where the event has no such property. */
export interface Entry {
  readonly position: number;
  /** Id of the commit, by which an approval refers to a proposal. */
  readonly commit: string;
  /** Number of the commit in its stream, and of the event in its commit, from 0. */
  readonly seq: number;
  readonly ordinal: number;
  readonly act: DomainEvent['type'];
  readonly by: Author;
  readonly recorded: string;
  /** When readers could first see it; null if that is not recorded, or if they never saw it. */
  readonly visible: string | null;
  /** Whether it was recorded under embargo: readers saw nothing of it before the embargo was lifted. */
  readonly embargoed: boolean;
  readonly development: string | null;
  /** Whether its content was taken down, before or since, and can no longer be read. */
  readonly takenDown: boolean;
  /** The development's headline after the event, or the story's title for its opening. */
  readonly headline: string | null;
  readonly occurred: Content['occurred'] | null;
  readonly sourcing: Content['sourcing'] | null;
  readonly changes: readonly Difference[];
  readonly wrong: string | null;
  /** The given reason, or a verification's note. */
  readonly why: string | null;
  /** The other development: the one that superseded it, was retracted and so reinstated it, or is linked to it. */
  readonly other: string | null;
  /** The kind of the link. */
  readonly as: Link['as'] | null;
  /** When the embargo is to be lifted automatically, or was. */
  readonly until: string | null;
  readonly condition: string | null;
  readonly fate: Fate | null;
  /** The commit with the proposal that is approved, withdrawn or executed. */
  readonly proposal: string | null;
  /** The role in which it was recorded, proposed, approved or required; for a takedown, its ground. */
  readonly role: Approver | Recorder | null;
  readonly ground: Ground | null;
  /** All acts that take two people from then on. */
  readonly acts: readonly Approvable[] | null;
  /** The development's conditions after the event. */
  readonly hangsOn: readonly string[];
}

/** The events of a story's commits, from the first on. The visibility log must be in order too. Pure. */
export function entriesOf(commits: readonly OpenCommit[], visibilityLog: readonly VisibilityEntry[]): Entry[] {
  const contents = new Map<string, Content>();
  const lifts = new Map(
    commits.flatMap(({ position, events }) =>
      events.flatMap(({ type, data }) => (type === 'EmbargoLifted' ? [[data.development, position] as const] : [])),
    ),
  );
  return readable(commits).flatMap(({ id: commit, position, seq, by, recorded, withheld }, i) =>
    commits[i]!.events.map((event, ordinal) => {
      const description = described(event, contents);
      const embargoed = withheld.includes(event) && !isInternal(event);
      const shown = !withheld.includes(event);
      const lift = event.type === 'DevelopmentRecorded' ? lifts.get(event.data.development) : undefined;
      const seen = shown ? position : lift;
      const visible = seen === undefined ? null : visibleOf(seen, visibilityLog);
      return { position, commit, seq, ordinal, act: event.type, by, recorded, visible, embargoed, ...description };
    }),
  );
}

function visibleOf(position: number, visibilityLog: readonly VisibilityEntry[]): string | null {
  let [from, to] = [0, visibilityLog.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (visibilityLog[middle]!.last < position) from = middle + 1;
    else to = middle;
  }
  const covering = visibilityLog[from];
  return covering && covering.first <= position ? covering.at : null;
}

/**
 * Records the event's effect on its development, and describes it. For a taken-down development only the act is described.
 */
function described(event: OpenEvent, contents: Map<string, Content>) {
  const { data } = event;
  const payload = payloadOf(data);
  const given: Readonly<Record<string, unknown>> = { ...data, ...payload };
  const text = (...names: string[]) => (names.map(name => given[name]).find(Boolean) ?? null) as string | null;
  const development = text('development');
  const before = development === null ? undefined : contents.get(development);
  const after = contentIn(event, before);
  if (development !== null && after) contents.set(development, after);
  const content = development === null ? undefined : contents.get(development);
  return {
    development,
    takenDown: isForgotten(event),
    ...(content ? standing(content) : { ...nothing, headline: text('title') }),
    changes: before && content ? differences(before, content) : [],
    wrong: text('wrong'),
    why: text('reason', 'note'),
    other: text('by', 'retracted', 'to'),
    until: text('until'),
    condition: text('condition'),
    fate: text('fate') as Fate | null,
    proposal: text('proposal'),
    ground: text('ground') as Ground | null,
    ...taken(given),
  };
}

/** `as` of a link is its kind; of any other event it is the role of its author. */
const taken = ({ to, as = null, acts = null }: Readonly<Record<string, unknown>>) => ({
  as: (to === undefined ? null : as) as Link['as'] | null,
  role: (to === undefined ? as : null) as Approver | Recorder | null,
  acts: acts as readonly Approvable[] | null,
});

const nothing = { occurred: null, sourcing: null, hangsOn: [] };
const standing = (content: Content) => ({
  headline: headlineOf(content, actor => actor),
  occurred: content.occurred,
  sourcing: content.sourcing,
  hangsOn: (content.modality.conditions ?? []).map(({ id }) => id),
});

/**
 * The events that concern these developments: about one of them, replacing one by another, or settling a condition of one.
 */
export function behind(entries: readonly Entry[], developments: ReadonlySet<string>): Entry[] {
  const has = (id: string | null) => id !== null && developments.has(id);
  const hangsOn = new Set(entries.filter(({ development }) => has(development)).flatMap(entry => entry.hangsOn));
  return entries.filter(
    ({ development, other, condition }) =>
      has(development) || has(other) || (condition !== null && hangsOn.has(condition)),
  );
}

import {
  headlineOf,
  isInternal,
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
import { isForgotten, readable, type VisibilityEntry } from '#projections';
import { differences, type Difference } from './differences.js';

/** One event of a story, as it is told to auditors; null where the event has no such thing. */
export interface Entry {
  readonly position: number;
  /** Id of the commit, by which an approval names what it approves. */
  readonly commit: string;
  /** Number of the commit in its stream, and of the event in its commit, from 0. */
  readonly seq: number;
  readonly ordinal: number;
  readonly act: DomainEvent['type'];
  readonly by: Author;
  readonly recorded: string;
  /** When readers could first see it; null where that is not recorded, or where they never saw it as such. */
  readonly visible: string | null;
  /** Whether it was done under embargo: readers got nothing of it before that was lifted. */
  readonly embargoed: boolean;
  readonly development: string | null;
  /** Whether what it told was taken down, before or since: nobody can say any more what it was. */
  readonly takenDown: boolean;
  /** Of the development as it stands after the event; a story's title where it is opened. */
  readonly headline: string | null;
  readonly occurred: Content['occurred'] | null;
  readonly sourcing: Content['sourcing'] | null;
  readonly changes: readonly Difference[];
  readonly wrong: string | null;
  /** The reason given, or a verification's note. */
  readonly why: string | null;
  /** What superseded it, what was retracted so that it stands again, or what it was linked to. */
  readonly other: string | null;
  /** What it is to the other that it is linked to. */
  readonly as: Link['as'] | null;
  /** When the embargo is to lift by itself, or lifted so. */
  readonly until: string | null;
  readonly condition: string | null;
  readonly fate: Fate | null;
  /** The commit that proposed what is approved, withdrawn or taken down. */
  readonly proposal: string | null;
  /** In which role it was recorded, proposed, approved or required; on what ground it is to be taken down. */
  readonly role: Approver | Recorder | null;
  readonly ground: Ground | null;
  /** All that take two people from then on. */
  readonly acts: readonly Approvable[] | null;
  /** Conditions that the development hangs on after the event. */
  readonly hangsOn: readonly string[];
}

/** Every event of a story's commits, in order and from the first; the visibility log in order too. Pure. */
export function entriesOf(commits: readonly OpenCommit[], visibilityLog: readonly VisibilityEntry[]): Entry[] {
  const contents = new Map<string, Content>();
  const lifts = new Map(
    commits.flatMap(({ position, events }) =>
      events.flatMap(({ type, data }) => (type === 'EmbargoLifted' ? [[data.development, position] as const] : [])),
    ),
  );
  return readable(commits).flatMap(({ id: commit, position, seq, by, recorded, withheld }, i) =>
    commits[i]!.events.map((event, ordinal) => {
      const told = tell(event, contents);
      const embargoed = withheld.includes(event) && !isInternal(event);
      const shown = !withheld.includes(event);
      const lift = event.type === 'DevelopmentRecorded' ? lifts.get(event.data.development) : undefined;
      const seen = shown ? position : lift;
      const visible = seen === undefined ? null : visibleOf(seen, visibilityLog);
      return { position, commit, seq, ordinal, act: event.type, by, recorded, visible, embargoed, ...told };
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

/** Notes what the event says of its development, and tells it; of what was taken down, only that something was done. */
function tell(event: OpenEvent, contents: Map<string, Content>) {
  const { data } = event;
  const told = 'told' in data ? data.told : null;
  const given: Readonly<Record<string, unknown>> = { ...data, ...told };
  const text = (...names: string[]) => (names.map(name => given[name]).find(Boolean) ?? null) as string | null;
  const development = text('development');
  const before = development === null ? undefined : contents.get(development);
  if (development !== null && told && 'content' in told) contents.set(development, told.content);
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

/** `as` of a link is what it is to the other end; of any other event, the role that its author acted in. */
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

/** The events behind developments: those about one, or that let one replace another, or settle what one hangs on. */
export function behind(entries: readonly Entry[], developments: ReadonlySet<string>): Entry[] {
  const has = (id: string | null) => id !== null && developments.has(id);
  const hangsOn = new Set(entries.filter(({ development }) => has(development)).flatMap(entry => entry.hangsOn));
  return entries.filter(
    ({ development, other, condition }) =>
      has(development) || has(other) || (condition !== null && hangsOn.has(condition)),
  );
}

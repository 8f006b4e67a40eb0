import type { Change, Page } from '#contract';
import { labelOf } from './form-model/fields.js';
import { at, type Value } from './form-model/values.js';
import { folded } from './match.js';
import { shownEntry } from '#pages/parts';
import type {
  CommitNews,
  DeskDevelopment,
  DeskDevelopments,
  DeskProposals,
  DeskStory,
  Proposal,
  ReadersEntry,
} from './contracts.js';

export type Line = 'connecting' | 'live' | 'lost';

/** All that the desk knows of a story: what the log says, and what readers see. */
export interface Known {
  readonly story?: DeskStory;
  readonly developments: ReadonlyMap<string, DeskDevelopment>;
  readonly settled: Readonly<Record<string, string>>;
  /** The newest first, as far back as they were loaded. */
  readonly recent: readonly CommitNews['commit'][];
  readonly line: Line;
  /** What readers see, by development. */
  readonly entries: ReadonlyMap<string, ReadersEntry>;
  readonly conditions: Readonly<Record<string, { readonly text: string; readonly fate: string | null }>>;
  /** The story's position that readers see; -1 while nobody knows. */
  readonly visible: number;
  readonly older?: string | null;
  readonly readersLine: Line;
  /** When each commit was heard of here, and the last delay until readers had one, in milliseconds. */
  readonly heard: ReadonlyMap<number, number>;
  readonly delay?: number;
}

export const nothingKnown: Known = {
  developments: new Map(),
  settled: {},
  recent: [],
  line: 'connecting',
  entries: new Map(),
  conditions: {},
  visible: -1,
  readersLine: 'connecting',
  heard: new Map(),
};

export type ReadersPage = Pick<Page, 'position' | 'rewrites' | 'entries' | 'next'>;
export type ReadersChange = Pick<Change, 'position' | 'entries' | 'conditions'>;

export type News =
  | { readonly news: 'line'; readonly line: Line }
  | { readonly news: 'loaded'; readonly all: DeskDevelopments }
  | { readonly news: 'commit'; readonly told: CommitNews; readonly at: number }
  | { readonly news: 'readers-line'; readonly line: Line }
  | { readonly news: 'readers-page'; readonly page: ReadersPage; readonly conditions?: Known['conditions'] }
  | { readonly news: 'found'; readonly entries: Page['entries'] }
  | { readonly news: 'readers-change'; readonly change: ReadersChange; readonly at: number };

const recentKept = 50;

/** What is known after a piece of news; what comes twice or late changes nothing for the worse. */
export function learn(known: Known, news: News): Known {
  switch (news.news) {
    case 'line':
      return { ...known, line: news.line };
    case 'loaded':
      return learnAll(known, news.all);
    case 'commit':
      return learnCommit(known, news.told, news.at);
    case 'readers-line':
      return { ...known, readersLine: news.line };
    case 'readers-page': {
      const { position, entries, next } = news.page;
      return {
        ...known,
        entries: newest(known.entries, entries),
        visible: Math.max(known.visible, position),
        older: next,
        conditions: { ...known.conditions, ...conditionsIn(entries), ...news.conditions },
      };
    }
    case 'found':
      return { ...known, entries: newest(known.entries, news.entries) };
    case 'readers-change':
      return learnChange(known, news.change, news.at);
  }
}

/** What was told while the whole was on its way may be newer. */
function learnAll(known: Known, { story, developments, settled }: DeskDevelopments): Known {
  const all = developments.map(development => [development.id, development] as const);
  if (known.story && known.story.seq > story.seq)
    return { ...known, developments: new Map([...all, ...known.developments]) };
  return { ...known, story, settled, developments: new Map(all) };
}

function learnCommit(known: Known, { commit, story, developments, settled }: CommitNews, at: number): Known {
  if (known.story && story.seq < known.story.seq) return known;
  return {
    ...known,
    story,
    settled,
    developments: new Map([...known.developments, ...developments.map(d => [d.id, d] as const)]),
    recent: [commit, ...known.recent.filter(({ position }) => position !== commit.position)].slice(0, recentKept),
    heard: new Map([...[...known.heard].slice(-recentKept), [commit.position, at]]),
  };
}

function learnChange(known: Known, { position, entries, conditions }: ReadersChange, at: number): Known {
  const heard = known.heard.get(position);
  return {
    ...known,
    entries: newest(known.entries, entries),
    visible: Math.max(known.visible, position),
    conditions: { ...known.conditions, ...conditionsIn(entries), ...conditions },
    // Readers may be told before the desk is.
    ...(heard !== undefined && { delay: Math.max(0, Math.round(at - heard)) }),
  };
}

/** A change tells of conditions by themselves once they are settled; until then of those that an entry hangs on. */
const conditionsIn = (entries: Page['entries']): Known['conditions'] =>
  Object.fromEntries(
    entries.flatMap(({ modality }) => (modality?.conditions ?? []).map(({ id, text, fate }) => [id, { text, fate }])),
  );

function newest(held: Known['entries'], entries: Page['entries']): Known['entries'] {
  const fresh = entries.filter(({ id, changed }) => changed >= (held.get(id)?.changed ?? -1));
  return new Map([...held, ...fresh.map(entry => [entry.id, shownEntry(entry) as ReadersEntry] as const)]);
}

/** A line of the desk's list. */
export interface Row {
  readonly development: DeskDevelopment;
  /** As readers see it; undefined while they do not. */
  readonly entry?: ReadersEntry;
  /** Of one under embargo: what readers will get once it is lifted. */
  readonly content?: Value;
  /** Of one under embargo: why its words are not here. */
  readonly why?: string;
  readonly pinned: boolean;
  /** What waits for a second person. */
  readonly proposals: readonly Proposal[];
  /** What the story takes two people for. */
  readonly approvals: DeskProposals['approvals'];
}

/** Nothing waits, as far as anybody knows. */
export const nothingProposed: Pick<DeskProposals, 'approvals' | 'proposals'> = { approvals: [], proposals: [] };

/** Contents under embargo, and the state of the development that each is the content of; or why there is none here. */
export type Withheld = ReadonlyMap<
  string,
  { readonly of: DeskDevelopment; readonly content?: Value; readonly why?: string }
>;

/** What a row is called. */
export const nameOf = ({ entry, content, development }: Row): string =>
  development.status === 'taken-down'
    ? labelOf(development.kind)
    : (entry?.headline ?? String(at(content, ['headline']) ?? labelOf(development.kind)));

/** The newest first; what readers do not see yet on top. What was not loaded yet has no line. */
export function rowsOf(
  { developments, entries, story, older, recent }: Known,
  withheld: Withheld = new Map(),
  { approvals, proposals } = nothingProposed,
): Row[] {
  const fresh = new Set(recent.flatMap(({ development }) => development ?? []));
  const rows = [...developments.values()].flatMap(development => {
    const entry = entries.get(development.id);
    if (!entry && older !== null && !fresh.has(development.id) && !development.embargo) return [];
    const { content, why } = withheld.get(development.id) ?? {};
    const pinned = story?.pinned === development.id;
    return [
      {
        development,
        ...(entry && { entry }),
        ...(content && { content }),
        ...(why && { why }),
        pinned,
        approvals,
        proposals: proposals.filter(({ development: on }) => on === development.id),
      },
    ];
  });
  return rows.sort((a, b) => (b.entry?.position ?? Infinity) - (a.entry?.position ?? Infinity) || 0);
}

/** How many commits of the story readers do not see yet and will; undefined while that is not known. */
export function behind({ story, visible, recent }: Known): number | undefined {
  if (!story || visible < 0) return undefined;
  if (visible >= story.readable) return 0;
  return Math.max(1, recent.filter(({ position }) => position > visible && position <= story.readable).length);
}

/** Whether the name of a row holds each of the words. */
export const isNamedBy = (row: Row, words: string): boolean => {
  const name = folded(nameOf(row));
  return folded(words)
    .split(/\s+/)
    .every(word => name.includes(word));
};

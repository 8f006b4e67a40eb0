import type { Change, Page, Story } from '#contract';
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
  Submission,
} from './contracts.js';

/** The state of a connection. */
export type Line = 'connecting' | 'live' | 'lost';

/** The desk's state of a story: from the log, and from the readers' API. */
export interface Known {
  readonly story?: DeskStory;
  readonly developments: ReadonlyMap<string, DeskDevelopment>;
  readonly settled: Readonly<Record<string, string>>;
  /** The number of the story's commit that changed each development last, for those that changed while the desk followed. */
  readonly changedIn: ReadonlyMap<string, number>;
  /** Commits, newest first, as far as they were loaded. */
  readonly recent: readonly CommitNews['commit'][];
  readonly line: Line;
  /** Readers' entries, by development. */
  readonly entries: ReadonlyMap<string, ReadersEntry>;
  readonly conditions: Readonly<Record<string, { readonly text: string; readonly fate: string | null }>>;
  /** The story in which the coverage of a closed one goes on, by its id. */
  readonly continues?: string | undefined;
  /** The story's position that readers see; -1 while unknown. */
  readonly visible: number;
  readonly older?: string | null;
  readonly readersLine: Line;
  /** When each commit arrived here, and the last delay until readers had one, in milliseconds. */
  readonly heard: ReadonlyMap<number, number>;
  readonly delay?: number;
}

/** The state before anything was loaded. */
export const nothingKnown: Known = {
  developments: new Map(),
  settled: {},
  changedIn: new Map(),
  recent: [],
  line: 'connecting',
  entries: new Map(),
  conditions: {},
  visible: -1,
  readersLine: 'connecting',
  heard: new Map(),
};

/** The parts of a timeline page that the desk uses. The position is -1 if it is not the first page: it adds older entries. */
export type ReadersPage = Pick<Page, 'position' | 'rewrites' | 'entries' | 'next'>;
/** The parts of a live change that the desk uses. */
export type ReadersChange = Pick<Change, 'position' | 'entries' | 'conditions' | 'status' | 'continues'>;

/** An event for `learn`. */
export type News =
  | { readonly news: 'line'; readonly line: Line }
  | { readonly news: 'loaded'; readonly all: DeskDevelopments }
  | { readonly news: 'commit'; readonly commit: CommitNews; readonly at: number }
  | { readonly news: 'readers-line'; readonly line: Line }
  | ({ readonly news: 'readers-page'; readonly page: ReadersPage } & Partial<Pick<Story, 'conditions' | 'continues'>>)
  | { readonly news: 'found'; readonly entries: Page['entries'] }
  | { readonly news: 'readers-change'; readonly change: ReadersChange; readonly at: number };

const recentKept = 50;

/** Applies an event. Repeated or late events do no harm. */
export function learn(known: Known, news: News): Known {
  switch (news.news) {
    case 'line':
      return { ...known, line: news.line };
    case 'loaded':
      return learnAll(known, news.all);
    case 'commit':
      return learnCommit(known, news.commit, news.at);
    case 'readers-line':
      return { ...known, readersLine: news.line };
    case 'readers-page':
      return learnPage(news.page.position < 0 ? known : onlyIn(known, news.page), news);
    case 'found':
      return { ...known, entries: newest(known.entries, news.entries) };
    case 'readers-change':
      return learnChange(known, news.change, news.at);
  }
}

function learnPage(known: Known, { page, conditions, continues }: Extract<News, { news: 'readers-page' }>): Known {
  const { position, entries, next } = page;
  return {
    ...known,
    ...(continues !== undefined && { continues: continues ?? undefined }),
    entries: newest(known.entries, entries),
    visible: Math.max(known.visible, position),
    older: next,
    conditions: { ...known.conditions, ...conditionsIn(entries), ...conditions },
  };
}

/**
 * The story is loaded again, because changes were missed or history was rewritten: entries that are not in its first page may hold words that
 * were taken down since. The desk forgets them.
 */
function onlyIn(known: Known, { entries }: ReadersPage): Known {
  const ids = new Set(entries.map(({ id }) => id));
  return { ...known, entries: new Map([...known.entries].filter(([id]) => ids.has(id))), conditions: {} };
}

/** Commits that arrived during the loading of the whole state may be newer. All else that was known is older: commits may have been missed. */
function learnAll(known: Known, { story, developments, settled }: DeskDevelopments): Known {
  const all = developments.map(development => [development.id, development] as const);
  if (!known.story || known.story.seq <= story.seq) return { ...known, story, settled, developments: new Map(all) };
  const newer = [...known.developments].filter(([id]) => (known.changedIn.get(id) ?? 0) > story.seq);
  return { ...known, developments: new Map([...all, ...newer]) };
}

function learnCommit(known: Known, { commit, story, developments, settled }: CommitNews, at: number): Known {
  if (known.story && story.seq < known.story.seq) return known;
  return {
    ...known,
    story,
    settled,
    developments: new Map([...known.developments, ...developments.map(d => [d.id, d] as const)]),
    changedIn: new Map([...known.changedIn, ...developments.map(({ id }) => [id, story.seq] as const)]),
    recent: [commit, ...known.recent.filter(({ position }) => position !== commit.position)].slice(0, recentKept),
    heard: new Map([...[...known.heard].slice(-recentKept), [commit.position, at]]),
  };
}

function learnChange(known: Known, change: ReadersChange, at: number): Known {
  const { position, entries, conditions, status, continues } = change;
  const heard = known.heard.get(position);
  return {
    ...known,
    ...(status !== undefined && { continues }),
    entries: newest(known.entries, entries),
    visible: Math.max(known.visible, position),
    conditions: { ...known.conditions, ...conditionsIn(entries), ...conditions },
    // Readers may receive a change before the desk does.
    ...(heard !== undefined && { delay: Math.max(0, Math.round(at - heard)) }),
  };
}

/** A change lists conditions only after they are settled. Until then they come with the entries that depend on them. */
const conditionsIn = (entries: Page['entries']): Known['conditions'] =>
  Object.fromEntries(
    entries.flatMap(({ modality }) => (modality?.conditions ?? []).map(({ id, text, fate }) => [id, { text, fate }])),
  );

function newest(held: Known['entries'], entries: Page['entries']): Known['entries'] {
  const fresh = entries.filter(({ id, changed }) => changed >= (held.get(id)?.changed ?? -1));
  return new Map([...held, ...fresh.map(entry => [entry.id, shownEntry(entry) as ReadersEntry] as const)]);
}

/** A row of the desk's list. */
export interface Row {
  readonly development: DeskDevelopment;
  /** The entry that readers see; undefined while they see none. */
  readonly entry?: ReadersEntry;
  /** For a development under embargo: the content that readers will see after it is lifted. */
  readonly content?: Value;
  /** For a development under embargo: the reason why its content is not available. */
  readonly why?: string;
  readonly pinned: boolean;
  /** Whether the person may still change it as its author: where reporters submit, until somebody approves it. */
  readonly own: boolean;
  /** Proposals that wait for a second person. */
  readonly proposals: readonly Proposal[];
  /** The acts for which the story requires two people. */
  readonly approvals: DeskProposals['approvals'];
}

/** No known proposals. */
export const nothingProposed: Pick<DeskProposals, 'approvals' | 'proposals'> = { approvals: [], proposals: [] };

/** Contents under embargo, each with the state of its development, or the reason why the content is not available. */
export type Withheld = ReadonlyMap<
  string,
  { readonly of: DeskDevelopment; readonly content?: Value; readonly why?: string }
>;

/** The title of a row. */
export const nameOf = ({ entry, content, development }: Row): string =>
  development.status === 'taken-down'
    ? labelOf(development.kind)
    : (entry?.headline ?? String(at(content, ['headline']) ?? labelOf(development.kind)));

/** What readers do not see yet: what the person may read, and what they submitted, which is all that some may read. */
const hidden = (withheld: Withheld, submissions: readonly Submission[]) =>
  new Map<string, { readonly content?: Value; readonly why?: string }>([
    ...submissions.flatMap(({ development, content }) =>
      content ? [[development, { content: content as Value }] as const] : [],
    ),
    ...withheld,
  ]);

/** Whether the person may still change it as its author. */
const isOwn = ({ own, submitted }: DeskDevelopment, { story }: Known): boolean =>
  own && (story?.review !== 'submit' || submitted);

/** The rows, newest first; those that readers do not see yet come first. Developments that are not loaded have no row. */
export function rowsOf(
  known: Known,
  withheld: Withheld = new Map(),
  { approvals, proposals } = nothingProposed,
  submissions: readonly Submission[] = [],
): Row[] {
  const { developments, entries, story, older, recent, visible } = known;
  const contents = hidden(withheld, submissions);
  // What readers have by now and is not here is beyond the loaded pages.
  const fresh = new Set(recent.flatMap(({ position, development }) => (position > visible && development) || []));
  const rows = [...developments.values()].flatMap(development => {
    const entry = entries.get(development.id);
    if (!entry && older !== null && !fresh.has(development.id) && !development.embargo) return [];
    const { content, why } = contents.get(development.id) ?? {};
    const pinned = story?.pinned === development.id;
    return [
      {
        development,
        ...(entry && { entry }),
        ...(content && { content }),
        ...(why && { why }),
        pinned,
        own: isOwn(development, known),
        approvals,
        proposals: proposals.filter(({ development: on }) => on === development.id),
      },
    ];
  });
  return rows.sort((a, b) => (b.entry?.position ?? Infinity) - (a.entry?.position ?? Infinity) || 0);
}

/** The number of the story's commits that readers do not see yet and will see; undefined while unknown. */
export function behind({ story, visible, recent }: Known): number | undefined {
  if (!story || visible < 0) return undefined;
  if (visible >= story.readable) return 0;
  return Math.max(1, recent.filter(({ position }) => position > visible && position <= story.readable).length);
}

/** Whether readers see all that they will ever see of the log up to this position: some acts change nothing for them. */
export const isSeen = ({ story, visible }: Pick<Known, 'story' | 'visible'>, position: number): boolean =>
  story !== undefined && story.position >= position && visible >= Math.min(position, story.readable);

/** Whether the title of a row contains each of the words. */
export const isNamedBy = (row: Row, words: string): boolean => {
  const name = folded(nameOf(row));
  return folded(words)
    .split(/\s+/)
    .every(word => name.includes(word));
};

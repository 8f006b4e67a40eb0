import { pathTo } from '#client';
import { useCallback, useEffect, useReducer, useState, useRef } from 'preact/hooks';
import { Unanswered, type EditorApi } from './api.js';
import type { Value } from './form-model/values.js';
import type {
  Actor,
  Catalogue,
  DeskProposals,
  DeskStory,
  DeskTeam,
  DraftNews,
  DraftSummary,
  Me,
  Present,
  Submission,
} from './contracts.js';
import { CutUploads } from './cut-uploads.js';
import { Drafts } from './drafts.js';
import { followLog, followReaders, readersApi } from './follow.js';
import { useFind, type Found } from './use-find.js';
import { learn, nothingKnown, nothingProposed, type Known, type Withheld } from './known.js';

/** The state that all stories share: the person, the catalogue, the list of stories and the person's drafts. */
export interface Newsroom {
  readonly me: Me;
  readonly catalogue: Catalogue;
  readonly stories: readonly DeskStory[];
  /** The person's drafts in this browser. */
  readonly drafts: Drafts;
  /** The person's uploads that closing a page cut. */
  readonly cutUploads: CutUploads;
}

/** Deletes what this browser keeps of the person as they sign out, and stores nothing of them afterwards. */
export function forgetPerson({ drafts, cutUploads }: Newsroom): void {
  drafts.end();
  cutUploads.end();
}

/** Loads the state that all stories share. */
export function useNewsroom(
  api: EditorApi,
  onFailure: (error: Unanswered) => void,
): [Newsroom | undefined, () => void] {
  const [newsroom, setNewsroom] = useState<Newsroom>();
  const load = useCallback(() => {
    Promise.all([
      api.get<Me>('/me'),
      api.get<Catalogue>('/catalogue'),
      api.getAll<'stories', { stories: DeskStory[] }>('/stories', 'stories'),
    ]).then(
      ([me, catalogue, { stories }]) =>
        setNewsroom({
          ...{ me, catalogue, stories },
          drafts: new Drafts(localStorage, me.id),
          cutUploads: new CutUploads(localStorage, me.id),
        }),
      onFailure,
    );
  }, [api]);
  useEffect(load, [load]);
  return [newsroom, load];
}

/** The state of a followed story, and the actions to load more. */
export interface Followed {
  readonly known: Known;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly withheld: Withheld;
  readonly proposed: Pick<DeskProposals, 'approvals' | 'proposals'>;
  /** Undefined until it is loaded. */
  readonly team: DeskTeam | undefined;
  /** What waits for another person before readers see it. */
  readonly submissions: readonly Submission[];
  /** True if the story does not exist. */
  readonly missing: boolean;
  /** Why the person may not read the story at the desk; undefined if they may. */
  readonly refused: string | undefined;
  /** Who is at the story's desks now. */
  readonly people: readonly Present[];
  /** The story's drafts that this person may read, and what the feed says of them; both undefined until they are known. */
  readonly drafts: readonly DraftSummary[] | undefined;
  readonly draftNews: DraftNews['drafts'] | undefined;
  readonly loadActors: () => Promise<void>;
  /** Loads readers' entries that have these words in their headline or their text, however old. */
  readonly find: (words: string) => void;
  /** The developments with the words that were searched for last. */
  readonly found: Found;
  /** Loads older entries; undefined if there are none. */
  readonly loadOlder: (() => void) | undefined;
}

/** Follows a story in the log and as readers see it. */
export function useStory(
  story: string,
  api: EditorApi,
  reader: string | null,
  onSignedOut: (why: string) => void,
): Followed {
  const [known, onNews] = useReducer(learn, nothingKnown);
  const [missing, setMissing] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [actors, setActors] = useState<ReadonlyMap<string, Actor>>(new Map());
  const loadActors = useCallback(async () => {
    const { actors } = await api.getAll<'actors', { actors: Actor[] }>('/actors', 'actors');
    setActors(new Map(actors.map(actor => [actor.id, actor])));
  }, [api]);
  const [people, onPeople] = useState<readonly Present[]>([]);
  const team = useTeam(known, api);
  const { drafts, draftNews, onDrafts } = useDrafts(story, api, team?.may.includes('keep-draft') ?? false);
  useEffect(() => {
    const onActors = () => void loadActors().catch(() => undefined);
    return followLog(story, api, {
      onNews: onNews,
      onActors,
      onSignedOut,
      onMissing: () => setMissing(true),
      onRefused: setRefused,
      onPeople,
      onDrafts,
    });
  }, [story, api]);
  useEffect(() => (reader === null ? undefined : followReaders(story, reader, onNews)), [story, reader]);
  const withheld = useWithheld(known, api, team?.sees ?? false);
  const proposed = useProposals(known, api);
  const submissions = useSubmissions(known, api);
  const { older } = known;
  const loadOlder = () => {
    if (!reader || !older) return;
    readersApi(reader)
      .page(older)
      .then(
        page => onNews({ news: 'readers-page', page: { ...page, position: -1 } }),
        () => onNews({ news: 'readers-line', line: 'lost' }),
      );
  };
  const { find, found } = useFind(story, reader, onNews);
  return {
    known,
    team,
    missing,
    refused,
    actors,
    withheld,
    proposed,
    submissions,
    people,
    drafts,
    draftNews,
    loadActors,
    find,
    found,
    loadOlder: older ? loadOlder : undefined,
  };
}

/** The team of the story. It is loaded again after each commit of the story, which may have changed it, or the name of a member. */
function useTeam({ story }: Known, api: EditorApi): DeskTeam | undefined {
  const [team, setTeam] = useState<DeskTeam>();
  useEffect(() => {
    if (!story) return;
    let over = false;
    api.get<DeskTeam>(pathTo('stories', story.id, 'team')).then(
      now => over || setTeam(now),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [story?.head, api]);
  return team;
}

/** Least time between two loadings of the list of drafts, in milliseconds: colleagues' desks save while they type. */
const draftsEveryMs = 2_000;

/** The story's drafts, loaded again after the feed says that they changed. */
function useDrafts(story: string, api: EditorApi, writes: boolean) {
  const [drafts, setDrafts] = useState<readonly DraftSummary[]>();
  const [draftNews, setDraftNews] = useState<DraftNews['drafts']>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const loaded = useRef(-Infinity);
  useEffect(() => () => clearTimeout(timer.current), [story]);
  const load = () => {
    timer.current = undefined;
    loaded.current = performance.now();
    api.get<{ drafts: DraftSummary[] }>(pathTo('stories', story, 'drafts')).then(
      ({ drafts }) => setDrafts(drafts),
      () => undefined,
    );
  };
  const may = useRef(writes);
  may.current = writes;
  const onDrafts = useCallback(
    (news: DraftNews['drafts'] | undefined) => {
      if (news) setDraftNews(news);
      if (may.current)
        timer.current ??= setTimeout(load, Math.max(0, loaded.current + draftsEveryMs - performance.now()));
    },
    [story, api],
  );
  useEffect(() => {
    if (writes) onDrafts(undefined);
  }, [writes, onDrafts]);
  return { drafts, draftNews, onDrafts };
}

/** Readers do not have content under embargo, so the editor API sends it, again after each change to the development. */
function useWithheld({ story, developments }: Known, api: EditorApi, allowed: boolean): Withheld {
  const [withheld, setWithheld] = useState<Withheld>(new Map());
  useEffect(() => {
    for (const development of developments.values()) {
      const { id, embargo } = development;
      const held = withheld.get(id);
      if (!allowed || !embargo || !story || (held?.of === development && !held.why)) continue;
      const keep = (more: { content?: Value; why?: string }) =>
        setWithheld(held => new Map([...held, [id, { of: development, ...more }]]));
      keep(held?.content === undefined ? {} : { content: held.content });
      api.get<{ content: Value }>(pathTo('stories', story.id, 'developments', id, 'content')).then(
        ({ content }) => keep({ content }),
        ({ message: why }: Unanswered) => keep({ why }),
      );
    }
  }, [developments, allowed]);
  return withheld;
}

/** The proposals that wait for a second person. They are loaded again after each commit of the story. */
function useProposals({ story }: Known, api: EditorApi): Followed['proposed'] {
  const [proposed, setProposed] = useState<Followed['proposed']>(nothingProposed);
  useEffect(() => {
    if (!story) return;
    let over = false;
    api.get<DeskProposals>(pathTo('stories', story.id, 'proposals')).then(
      now => over || setProposed(now),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [story?.head, api]);
  return proposed;
}

/** What waits for another person. It is loaded again after each commit of the story. */
function useSubmissions({ story }: Known, api: EditorApi): readonly Submission[] {
  const [submissions, setSubmissions] = useState<readonly Submission[]>([]);
  useEffect(() => {
    if (!story) return;
    let over = false;
    api.get<{ submissions: Submission[] }>(pathTo('stories', story.id, 'submissions')).then(
      now => over || setSubmissions(now.submissions),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [story?.head, api]);
  return submissions;
}

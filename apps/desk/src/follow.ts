import { Dateline, follow, frames, pathTo, pause, Pauses, Refused, runAgain, type Loaded } from '#client';
import type { Story } from '#contract';
import type { EditorApi } from './api.js';
import type { CommitNews, DeskDevelopments, DraftNews, Present } from './contracts.js';
import type { News, ReadersPage } from './known.js';
import { fetchReleased, released } from './press.js';

interface FeedEvent {
  readonly onNews: (news: News) => void;
  readonly onActors: () => void;
  readonly onSignedOut: (why: string) => void;
  /** The story does not exist. No further attempt is made. */
  readonly onMissing: () => void;
  /** The person may not read the story. No further attempt is made. */
  readonly onRefused: (why: string) => void;
  /** Who is at the story's desks now. */
  readonly onPeople?: (people: readonly Present[]) => void;
  /** The drafts that the story has now; undefined if that is to be asked. */
  readonly onDrafts?: (drafts: DraftNews['drafts'] | undefined) => void;
}

/** Follows a story's commits in the log. The returned function stops it. After each failure it waits longer. */
export function followLog(
  story: string,
  api: Pick<EditorApi, 'feed' | 'getAll'>,
  { onNews, onActors, onSignedOut, onMissing, onRefused, onPeople, onDrafts }: FeedEvent,
  pauses = new Pauses(),
): () => void {
  const session = new AbortController();
  const { signal } = session;
  const load = async () => {
    const path = pathTo('stories', story, 'developments');
    const all = await api.getAll<'developments', DeskDevelopments>(path, 'developments');
    if (!signal.aborted) onNews({ news: 'loaded', all });
  };
  /** What the feed tells beside the log. */
  function beside(event: string | undefined, data: string): void {
    if (event === 'hello') onDrafts?.(undefined);
    if (event === 'presence') onPeople?.((JSON.parse(data) as { people: Present[] }).people);
    if (event === 'drafts') onDrafts?.((JSON.parse(data) as DraftNews).drafts);
  }
  /** One connection, until it ends. Events that arrive during the loading of the whole state are applied at once. */
  async function connection(): Promise<void> {
    const line = new AbortController();
    const until = AbortSignal.any([signal, line.signal]);
    const failed = () => line.abort();
    let reloading = false;
    try {
      for await (const frame of frames(signal => api.feed(story, signal), until)) {
        await released();
        if (signal.aborted) return;
        if (frame === 'connected') continue;
        const { event, data } = frame;
        if (event === 'hello') {
          pauses.opened();
          load().then(() => until.aborted || onNews({ news: 'line', line: 'live' }), failed);
        }
        if (event === 'hello' || event === 'actors') onActors();
        beside(event, data);
        if (event === 'commit')
          onNews({ news: 'commit', commit: JSON.parse(data) as CommitNews, at: performance.now() });
        if (event === 'resync' && !reloading) {
          reloading = true;
          // Every desk gets this event at the same time, so each waits a random time before it loads.
          void pause(pauses.next(), until).then(() => {
            reloading = false;
            return until.aborted ? undefined : load().catch(failed);
          });
        }
      }
    } finally {
      line.abort();
    }
  }
  async function run(): Promise<void> {
    while (!signal.aborted) {
      const error = await connection().catch((error: unknown) => error);
      if (signal.aborted) return;
      if (error instanceof Refused && error.status === 401) onSignedOut(error.message);
      if (error instanceof Refused && error.status === 404) return onMissing();
      if (error instanceof Refused && error.status === 403) return onRefused(error.message);
      onNews({ news: 'line', line: 'lost' });
      onPeople?.([]);
      await pause(pauses.next(), signal);
    }
  }
  void run();
  return () => session.abort();
}

/** The readers' API, which needs no token. It bypasses the browser's cache. */
export const readersApi = (reader: string): Dateline =>
  new Dateline(reader, (url, init) => fetchReleased(url, { cache: 'no-cache', ...init }));

interface Read extends Loaded, Pick<Story, 'conditions' | 'continues'> {
  readonly page: ReadersPage;
}

/** Follows a story as readers see it. The returned function stops it. */
export function followReaders(
  story: string,
  reader: string,
  onNews: (news: News) => void,
  pauses = new Pauses(),
): () => void {
  const api = readersApi(reader);
  const session = new AbortController();
  const { signal } = session;
  async function read(): Promise<Read> {
    const page = await api.timeline(story, { limit: 100 });
    const { conditions, continues } = await api.story(story);
    return { position: page.position, rewrites: page.rewrites, page, conditions, continues };
  }
  /** The desk may open a new story before readers have it. */
  async function load(): Promise<Read> {
    for (;;)
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof Refused && error.status === 404)) throw error;
        await pause(pauses.next(), signal);
        signal.throwIfAborted();
      }
  }
  async function run(): Promise<void> {
    for await (const { event, data } of follow(api, story, load, { signal, pauses })) {
      await released();
      if (signal.aborted) return;
      if (event === 'loaded') {
        const { page, conditions, continues } = data;
        onNews({ news: 'readers-page', page, conditions, continues });
      } else if (event === 'connected') onNews({ news: 'readers-line', line: 'live' });
      else if (event === 'disconnected') onNews({ news: 'readers-line', line: 'lost' });
      else if (event === 'change') {
        onNews({ news: 'readers-change', change: data, at: performance.now() });
      }
    }
  }
  void runAgain(run, { signal, onFailure: () => onNews({ news: 'readers-line', line: 'lost' }) });
  return () => session.abort();
}

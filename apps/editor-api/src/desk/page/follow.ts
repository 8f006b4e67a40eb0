import { Dateline, follow, pathTo, pause, Pauses, type Loaded } from '#client';
import { EventSource as SignedEventSource } from 'eventsource';
import { Unanswered, type EditorApi } from './api.js';
import type { CommitNews, DeskDevelopments } from './contracts.js';
import type { Known, News, ReadersChange, ReadersPage } from './known.js';

interface Told {
  readonly onNews: (news: News) => void;
  readonly onActors: () => void;
  readonly onSignedOut: (why: string) => void;
  /** There is no such story; nothing is tried again. */
  readonly onMissing: () => void;
}

/** Follows what happens to a story in the log; the result ends it. After any failure it waits, longer each time. */
export function followLog(
  story: string,
  api: EditorApi,
  { onNews, onActors, onSignedOut, onMissing }: Told,
): () => void {
  const path = pathTo('stories', story);
  const pauses = new Pauses();
  let source: SignedEventSource;
  let timer: ReturnType<typeof setTimeout>;
  let over = false;
  const load = async () => {
    const all = await api.getAll<'developments', DeskDevelopments>(`${path}/developments`, 'developments');
    if (!over) onNews({ news: 'loaded', all });
  };
  const later = (run: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(run, pauses.next());
  };
  const again = () => {
    source.close();
    if (over) return;
    onNews({ news: 'line', line: 'lost' });
    later(open);
  };
  function open(): void {
    source = new SignedEventSource(`${location.origin}${path}/feed`, { fetch: api.fetch });
    source.addEventListener('hello', () => {
      pauses.opened();
      load().then(() => onNews({ news: 'line', line: 'live' }), again);
      onActors();
    });
    source.addEventListener('commit', ({ data }) =>
      onNews({ news: 'commit', told: JSON.parse(data) as CommitNews, at: performance.now() }),
    );
    // Every desk is told at once: they do not all load at once.
    source.addEventListener('resync', () => later(() => void load().catch(again)));
    source.addEventListener('actors', onActors);
    source.addEventListener('error', ({ code, message }) => {
      if (over) return;
      if (code === 401) onSignedOut(message ?? 'The sign-in has ended.');
      if (code === 404) {
        over = true;
        source.close();
        return onMissing();
      }
      again();
    });
  }
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    source.close();
  };
}

/** Asks the readers' API, which needs no token. */
export async function fromReaders<Answer>(reader: string, path: string): Promise<Answer> {
  const response = await fetch(reader + path, { signal: AbortSignal.timeout(10_000), cache: 'no-cache' });
  if (!response.ok) throw new Unanswered(response.status, `Readers were answered with ${response.status}.`);
  return (await response.json()) as Answer;
}

/** How long a desk rests that the readers' API has refused, in milliseconds. */
const restMs = 60_000;

interface Read extends Loaded {
  readonly page: ReadersPage;
  readonly conditions: Known['conditions'];
}

/** Follows what readers see of a story, as one of them; the result ends it. */
export function followReaders(story: string, reader: string, onNews: (news: News) => void): () => void {
  const base = pathTo('stories', story);
  const api = new Dateline(reader);
  const session = new AbortController();
  const { signal } = session;
  const pauses = new Pauses();
  async function load(): Promise<Read> {
    const page = await fromReaders<ReadersPage>(reader, `${base}/timeline?limit=100`);
    const { conditions } = await fromReaders<Pick<Read, 'conditions'>>(reader, base);
    return { position: page.position, rewrites: page.rewrites, page, conditions };
  }
  async function run(): Promise<void> {
    for await (const { event, data } of follow(api, story, load, { signal, pauses })) {
      if (signal.aborted) return;
      if (event === 'loaded') onNews({ news: 'readers-page', page: data.page, conditions: data.conditions });
      else if (event === 'connected') onNews({ news: 'readers-line', line: 'live' });
      else if (event === 'disconnected') onNews({ news: 'readers-line', line: 'lost' });
      else if (event === 'change') {
        const change = data as unknown as ReadersChange;
        onNews({ news: 'readers-change', change, at: performance.now() });
      }
    }
  }
  void (async () => {
    while (!signal.aborted)
      try {
        await run();
      } catch {
        onNews({ news: 'readers-line', line: 'lost' });
        await pause(restMs, signal);
      }
  })();
  return () => session.abort();
}

import { EventSource as SignedEventSource } from 'eventsource';
import { Unanswered, type EditorApi } from './api.js';
import type { CommitNews, DeskDevelopments } from './contracts.js';
import type { Known, News, ReadersChange, ReadersPage } from './known.js';

const againMs = 1_500;

interface Told {
  readonly onNews: (news: News) => void;
  readonly onActors: () => void;
  readonly onSignedOut: (why: string) => void;
  /** There is no such story; nothing is tried again. */
  readonly onMissing: () => void;
}

/** Follows what happens to a story in the log; the result ends it. */
export function followLog(
  story: string,
  api: EditorApi,
  { onNews, onActors, onSignedOut, onMissing }: Told,
): () => void {
  let source: SignedEventSource;
  let timer: ReturnType<typeof setTimeout>;
  let over = false;
  const load = async () => {
    const all = await api.get<DeskDevelopments>(`/stories/${encodeURIComponent(story)}/developments`);
    if (!over) onNews({ news: 'loaded', all });
  };
  const again = () => {
    source.close();
    if (over) return;
    onNews({ news: 'line', line: 'lost' });
    clearTimeout(timer);
    timer = setTimeout(open, againMs);
  };
  function open(): void {
    source = new SignedEventSource(`${location.origin}/stories/${encodeURIComponent(story)}/feed`, {
      fetch: api.fetch,
    });
    source.addEventListener('hello', () => {
      load().then(() => onNews({ news: 'line', line: 'live' }), again);
      onActors();
    });
    source.addEventListener('commit', ({ data }) =>
      onNews({ news: 'commit', told: JSON.parse(data) as CommitNews, at: performance.now() }),
    );
    source.addEventListener('resync', () => void load().catch(again));
    source.addEventListener('actors', onActors);
    source.addEventListener('error', ({ code, message }) => {
      if (over) return;
      if (code === 401) onSignedOut(message ?? 'The sign-in has ended.');
      if (code === 404) {
        over = true;
        source.close();
        return onMissing();
      }
      if (source.readyState === source.CLOSED) again();
      else onNews({ news: 'line', line: 'lost' });
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

/** Follows what readers see of a story, as one of them; the result ends it. */
export function followReaders(story: string, reader: string, onNews: (news: News) => void): () => void {
  const base = `/stories/${encodeURIComponent(story)}`;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;
  let over = false;
  const again = () => {
    source?.close();
    if (over) return;
    onNews({ news: 'readers-line', line: 'lost' });
    clearTimeout(timer);
    timer = setTimeout(begin, againMs);
  };
  const begin = () => void load().catch(again);
  async function load(): Promise<void> {
    const page = await fromReaders<ReadersPage>(reader, `${base}/timeline?limit=100`);
    const { conditions } = await fromReaders<{ conditions: Known['conditions'] }>(reader, base);
    if (over) return;
    onNews({ news: 'readers-page', page, conditions });
    follow(page.position);
  }
  function follow(after: number): void {
    const opened = new EventSource(`${reader}${base}/live?after=${after}`);
    source = opened;
    opened.onopen = () => onNews({ news: 'readers-line', line: 'live' });
    opened.addEventListener('change', ({ data }) =>
      onNews({ news: 'readers-change', change: JSON.parse(data as string) as ReadersChange, at: performance.now() }),
    );
    opened.addEventListener('resync', () => {
      opened.close();
      begin();
    });
    opened.onerror = () => {
      if (opened.readyState === EventSource.CLOSED) again();
      else onNews({ news: 'readers-line', line: 'lost' });
    };
  }
  begin();
  return () => {
    over = true;
    clearTimeout(timer);
    source?.close();
  };
}

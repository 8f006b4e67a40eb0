import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import { statement } from '../harness/statement.js';

export async function openStory(editor: Client, id: string): Promise<void> {
  await editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  await editor.post('/stories', { id, title: 'The speech', zone: 'Europe/Berlin' });
}

export interface Posted {
  readonly key: string;
  readonly quote: string;
  readonly status: number | 'no answer';
  /** When it was sent, in milliseconds. */
  readonly at: number;
}

/** Posts one statement once and records any answer. */
export async function postOnce(editor: Client, story: string, quote: string): Promise<Posted> {
  const key = randomUUID();
  const said = { key, quote, at: Date.now() };
  try {
    const { status } = await editor.post(`/stories/${story}/developments`, statement(quote), { key });
    return { ...said, status };
  } catch {
    return { ...said, status: 'no answer' };
  }
}

/** Starts editors who post statements until they are stopped. */
export function load(editor: Client, story: string, editors: number) {
  const posted: Posted[] = [];
  let over = false;
  const one = async (name: number) => {
    for (let number = 0; !over; number++) {
      const post = await postOnce(editor, story, `Sentence ${name}.${number}.`);
      posted.push(post);
      // While the log is away the answers come at once, and a person may write only so much in a minute.
      if (post.status !== 201) await sleep(200);
    }
  };
  const all = Promise.all(Array.from({ length: editors }, (_, name) => one(name)));
  const stop = async () => {
    over = true;
    await all;
    return posted;
  };
  return { posted, stop };
}

/** All statements of the story as readers see them, page by page. */
export async function quotesRead(readers: Client, story: string): Promise<string[]> {
  const quotes: string[] = [];
  for (let path: string | null = `/stories/${story}/timeline?limit=200`; path;) {
    const { body } = await readers.get(path);
    quotes.push(...body.entries.map((entry: { data: { quote: string } }) => entry.data.quote));
    path = body.next;
  }
  return quotes;
}

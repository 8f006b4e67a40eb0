import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';

export const storyPath = '/stories/storm';

interface BuildRow {
  readonly name: string;
  readonly live: boolean;
  readonly position: number;
  readonly next_offset: number;
  readonly promoted_at: Date | null;
}
export const builds = (newsroom: TestNewsroom): Promise<BuildRow[]> =>
  newsroom.onDatabase(async client => (await client.query('select * from dateline.build order by name')).rows);

/** All schemas of builds in the database. */
export const schemas = (newsroom: TestNewsroom): Promise<string[]> =>
  newsroom.onDatabase(async client =>
    (
      await client.query<{ name: string }>(
        `select nspname as name from pg_namespace where nspname like 'build%' or nspname like 'verify%' order by 1`,
      )
    ).rows.map(({ name }) => name),
  );

export interface Load {
  /** Ids of the developments that were answered with 201. */
  readonly posted: string[];
  /** Unexpected events, each as a sentence. */
  readonly wrong: string[];
  /** The duration of each read (`ms`) and when it was sent (`at`), in milliseconds. */
  readonly reads: { readonly at: number; readonly ms: number }[];
  /** Builds named in answers, each once, in order. */
  readonly seen: string[];
  /** Positions received on the live connection. */
  readonly live: number[];
  stop(): Promise<void>;
}

/** Starts editors who post, readers who read and one who follows, until they are stopped. */
export function load(newsroom: TestNewsroom, editors: readonly Client[], pauseMs: number): Load {
  const it = { posted: [], wrong: [], reads: [], seen: [], live: [] } as Omit<Load, 'stop'>;
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (turn: () => Promise<void>) => {
    while (!signal.aborted) {
      await turn().catch(error => it.wrong.push(String(error)));
      await sleep(pauseMs);
    }
  };
  const post = (editor: Client, who: number) => async () => {
    const { status, text, body } = await editor.post(
      `${storyPath}/developments`,
      statement(`${who}: ${it.posted.length}`),
    );
    if (status === 201) it.posted.push(body.development);
    // Both post to one story. A post that loses three times in a row gets 409 and has no effect.
    else if (status !== 409) it.wrong.push(`a post: ${status} ${text}`);
  };
  const coherent = reading(newsroom, it);
  const loops = [...editors.map((editor, who) => loop(post(editor, who))), loop(coherent()), loop(coherent())];
  const following = follow(newsroom, it, signal);
  const stop = async () => {
    stopping.abort();
    await Promise.all([...loops, following]);
  };
  return { ...it, stop };
}

/** One reader: in each answer the position, the count and the last entry match, and no answer goes back. */
const reading = (newsroom: TestNewsroom, it: Omit<Load, 'stop'>) => () => {
  let before = 0;
  return async () => {
    const at = performance.now();
    const { status, body, headers, text } = await newsroom.readers.get(`${storyPath}/timeline?limit=5`);
    it.reads.push({ at, ms: performance.now() - at });
    if (status !== 200) return void it.wrong.push(`a read: ${status} ${text.slice(0, 200)}`);
    const build = /"([^.]+)\./.exec(headers.get('etag') ?? '')?.[1] ?? 'none';
    if (it.seen.at(-1) !== build) it.seen.push(build);
    const { position, entries } = body as { position: number; entries: { position: number }[] };
    if (position < before) it.wrong.push(`${build} went back from ${before} to ${position}`);
    // In this story each commit is a development, so the last entry is at the story's position.
    if (entries.length > 0 && entries[0]!.position !== position)
      it.wrong.push(`${build} mixes position ${position} with an entry of ${entries[0]!.position}`);
    before = position;
  };
};

async function follow(newsroom: TestNewsroom, it: Omit<Load, 'stop'>, signal: AbortSignal): Promise<void> {
  try {
    const { body } = await fetch(`${newsroom.readers.url}${storyPath}/live`, { signal });
    let rest = '';
    for await (const bytes of body!) {
      const blocks = (rest + Buffer.from(bytes).toString()).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const [, id, event] = /^id: (\d+)\nevent: (\w+)/.exec(block) ?? [];
        if (event === 'change') it.live.push(Number(id));
        else if (event && event !== 'hello') it.wrong.push(`live: ${block}`);
      }
    }
    it.wrong.push('live: the connection ended');
  } catch (error) {
    if (!signal.aborted) it.wrong.push(`live: ${error}`);
  }
}

import { headLinesAt, linesIn, longestHead, unanswered } from '#bundle';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Storage for signed heads, outside the log. */
export interface HeadSink {
  /** The stored heads, one a line, until `signal` is aborted. */
  known(signal: AbortSignal): AsyncIterable<string>;
  /** Adds one head. It is stored durably when this resolves. */
  add(jws: string): Promise<void>;
}

const postMs = 5_000;
const lineFeed = 10;
/** There are as many heads as the projector has signed. Its memory does not grow with them. */
const most = Infinity;

/** Opens a sink. `to`: the path of a file, or an http(s) URL that accepts a head by POST and returns all of them by GET. */
export const headSink = (to: string): HeadSink => (/^https?:\/\//.test(to) ? urlSink(to) : fileSink(to));

function fileSink(file: string): HeadSink {
  async function* chunks(): AsyncGenerator<Buffer> {
    await mkdir(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    let [bytes, whole] = [0, 0];
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(lineFeed) + 1;
      if (end > 0) whole = bytes + end;
      bytes += chunk.length;
      yield chunk;
    }
    // A process that was killed during a write left an incomplete line, which no client has received.
    if (whole < bytes) await truncate(file, whole);
  }

  async function add(jws: string): Promise<void> {
    const handle = await open(file, 'a');
    try {
      await handle.appendFile(`${jws}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  return { known: () => linesIn(chunks(), file, { longest: longestHead, most, ended: true }), add };
}

const urlSink = (url: string): HeadSink => ({
  known: signal => headLinesAt(url, { most, signal }),
  add: async jws => {
    const headers = { 'Content-Type': 'application/jose' };
    const init = { method: 'POST', headers, body: `${jws}\n`, signal: AbortSignal.timeout(postMs) };
    const fail = (error: unknown) => {
      throw unanswered(url, error);
    };
    const response = await fetch(url, init).catch(fail);
    if (!response.ok) throw new Error(`${url} answered ${response.status} to POST.`);
    await response.arrayBuffer().catch(fail);
  },
});

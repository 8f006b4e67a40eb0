import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Storage for signed heads, outside the log. */
export interface HeadSink {
  /** Resolves to the stored heads, one a line. */
  known(): Promise<string>;
  /** Adds one head. It is stored durably when this resolves. */
  add(jws: string): Promise<void>;
}

const requestMs = 5_000;

/** Opens a sink. `to`: the path of a file, or an http(s) URL that accepts a head by POST and, if it can, returns all of them by GET. */
export const headSink = (to: string): HeadSink => (/^https?:\/\//.test(to) ? urlSink(to) : fileSink(to));

function fileSink(file: string): HeadSink {
  async function known(): Promise<string> {
    await mkdir(dirname(file), { recursive: true });
    const text = await readFile(file).catch(error => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    // A process that was killed during a write left an incomplete line, which no client has received.
    const whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length) await truncate(file, whole);
    return text.toString('utf8', 0, whole);
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

  return { known, add };
}

function urlSink(url: string): HeadSink {
  async function ask(init: RequestInit): Promise<Response> {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(requestMs) });
    if (response.ok) return response;
    throw new Error(`${url} answered ${response.status} to ${init.method}.`);
  }

  return {
    known: async () => (await ask({ method: 'GET' })).text(),
    add: async jws => {
      const headers = { 'Content-Type': 'application/jose' };
      await (await ask({ method: 'POST', headers, body: `${jws}\n` })).arrayBuffer();
    },
  };
}

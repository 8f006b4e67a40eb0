import { pathTo } from '#client';
import type { AnyUploaded, OpenUpload } from '#contract';
import { Unanswered, type Answered } from './unanswered.js';

/** Files above this size in bytes are sent in parts: what one request brings from a slow phone in time. */
const oneRequest = 400_000;
/** How long a part may take, and a file's judging, in milliseconds: more than the API takes. */
const partMs = 40_000;
const finishMs = 120_000;
/** How long to wait before sending again, in milliseconds: twice as long each time. */
const [firstWaitMs, longestWaitMs] = [500, 10_000];
/** How often the same request is sent before a person is told: for some ten minutes without a network. */
const mostTries = 60;
/** How often an upload begins again because the newsroom has forgotten it. */
const mostBegins = 3;

/** How an upload goes on: the share that has arrived, from 0 to 1, and whether it waits for the network. */
export interface Progress {
  readonly share: number;
  readonly waits: boolean;
}

/** Whether a file is large enough to be sent in parts. */
export const isInParts = ({ size }: File): boolean => size > oneRequest;

/** What an upload needs of the world. */
export interface UploadLine {
  /** Rejects if no answer comes. */
  ask(path: string, init: RequestInit, withinMs: number): Promise<Answered>;
  pause(ms: number): Promise<void>;
  /** Its SHA-256 as hexadecimal digits; undefined if this browser computes none here. */
  sha256(file: Blob): Promise<string | undefined>;
}

/** The line of a browser. `ask` as the client of the API. */
export const browserLine = (ask: UploadLine['ask']): UploadLine => ({
  ask,
  pause: ms => new Promise(resolve => setTimeout(resolve, ms)),
  sha256: async file => {
    // Only pages from a secure address may.
    if (!globalThis.crypto?.subtle) return undefined;
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
  },
});

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

const isTemporary = (status: number) => status === 408 || status === 429 || status >= 500;

/**
 * Sends a file for a story: a small one in one request, a larger one in parts. Where the network or the newsroom is away it waits and
 * goes on from the part that is due. Rejects with an Unanswered that says why the file was refused.
 */
export async function upload(
  line: UploadLine,
  story: string,
  file: File,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<AnyUploaded> {
  const type = file.type === '' ? {} : { type: file.type };
  const sha256 = isInParts(file) ? await line.sha256(file) : undefined;
  if (sha256 === undefined) {
    const headers: Record<string, string> = file.type === '' ? {} : { 'Content-Type': file.type };
    const answer = await line
      .ask(pathTo('stories', story, 'media'), { method: 'POST', headers, body: file }, finishMs)
      .catch(() => unreached());
    return taken(answer);
  }
  let share = 0;
  const ask = (path: string, init: RequestInit, withinMs = partMs) =>
    insistent(line, path, init, withinMs, waits => onProgress({ share, waits }));
  const uploads = pathTo('stories', story, 'uploads');
  for (let begins = 1; ; begins++) {
    try {
      let open = taken<OpenUpload>(await ask(uploads, json({ size: file.size, sha256, ...type, name: nameOf(file) })));
      const { upload: id, partBytes } = open;
      const count = Math.ceil(file.size / partBytes);
      const tell = () => onProgress({ share: (share = 1 - open.missing.length / count), waits: false });
      for (tell(); open.missing.length > 0; tell()) {
        const [part] = open.missing;
        const body = file.slice(part! * partBytes, (part! + 1) * partBytes);
        const headers = { 'Content-Type': 'application/octet-stream' };
        open = taken(await ask(`${uploads}/${id}/parts/${part}`, { method: 'PUT', headers, body }));
      }
      return taken(await ask(`${uploads}/${id}/finish`, { method: 'POST' }, finishMs));
    } catch (error) {
      if (!(error instanceof Unanswered) || error.code !== 'unknown-upload' || begins >= mostBegins) throw error;
    }
  }
}

/** The end of a long name: its extension counts. */
const nameOf = ({ name }: File) => name.slice(-255) || undefined;

const unreached = (): never => {
  throw new Unanswered(
    0,
    globalThis.navigator?.onLine === false ? 'You are offline.' : 'The newsroom does not answer.',
  );
};

/** Asks until there is an answer that another try would not change. */
async function insistent(
  { ask, pause }: UploadLine,
  path: string,
  init: RequestInit,
  withinMs: number,
  onWait: (waits: boolean) => void,
): Promise<Answered> {
  for (let tries = 1; ; tries++) {
    const answer = await ask(path, init, withinMs).catch(() => undefined);
    if (answer && (!isTemporary(answer.status) || tries >= mostTries)) return answer;
    if (tries >= mostTries) return unreached();
    onWait(true);
    await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1)));
  }
}

function taken<Answer>({ status, body }: Answered): Answer {
  if (status < 300) return body as Answer;
  const { detail, code } = (body ?? {}) as { readonly detail?: string; readonly code?: string };
  throw new Unanswered(status, detail ?? `The newsroom answered with ${status}.`, code);
}

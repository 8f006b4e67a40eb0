import { commandRequest, pathTo, type Command } from '#client';
import type { AnyUploaded } from '#contract';
import type { Value } from './form-model/values.js';
import { fetchReleased } from './press.js';
import { replyOf, unreached, type Reply } from './reply.js';
import { Signing } from './signing.js';
import { Unanswered, type Answered } from './unanswered.js';
import { browserLine, upload, type Progress } from './upload.js';

export { Unanswered, type Answered };

/** A command and its route. */
export interface Request extends Command {
  readonly path: string;
}

/** Time for the network beyond the API's own limit, in milliseconds. */
const onTheWayMs = 5_000;

/** The longest time that a capture takes, in milliseconds. */
const longestCaptureMs = 30_000;

/** Refusals of a signature. Where the newsroom does not require one, an editor must not have to wait for a right one. */
const unsignable = ['wrong-signature', 'not-as-signed'];

/** A client of the editor API for a signed-in person. */
export class EditorApi {
  private readonly signing = new Signing((path, init) => this.ask(path, init));

  /**
   * `token`: a token of this machine's key; undefined for a session, whose cookie the browser sends and no script sees. `answersWithinMs`: the
   * longest time that the API takes to answer a command, in milliseconds.
   */
  constructor(
    readonly token: string | undefined,
    private readonly answersWithinMs: number,
    /** Whether the newsroom certifies keys. */
    private readonly signs = false,
    /** Whether the newsroom captures pages that are linked to. */
    readonly captures = false,
  ) {}

  async get<Answer>(path: string): Promise<Answer> {
    const response = await this.ask(path, {}).catch(() => undefined);
    if (!response) throw new Unanswered(0, 'The newsroom does not answer.');
    const body = await response.json().catch(() => undefined);
    if (response.ok) return body as Answer;
    throw new Unanswered(response.status, body?.detail ?? `The newsroom answered with ${response.status}.`, body?.code);
  }

  /** A list with the items of all pages. The other fields come from the first page. */
  async getAll<Member extends string, Answer extends Record<Member, readonly unknown[]>>(
    path: string,
    member: Member,
  ): Promise<Answer> {
    type Page = Answer & { readonly next: string | null };
    const first = await this.get<Page>(path);
    const items: unknown[] = [...first[member]];
    for (let next = first.next; next;) {
      const page: Page = await this.get<Page>(next);
      items.push(...page[member]);
      next = page.next;
    }
    return { ...first, [member]: items };
  }

  /** Sends a command. Never throws; a repeated command with the same key does no harm. */
  async send(request: Request): Promise<Reply> {
    try {
      const [status, body] = await this.sendSigned(request);
      return replyOf(status, body);
    } catch {
      return unreached(navigator.onLine ? 'The newsroom does not answer.' : 'You are offline.');
    }
  }

  /** Sends a command with its author's signature; without it if the newsroom refuses the signature twice. */
  private async sendSigned(request: Request): Promise<readonly [number, { readonly code?: string }]> {
    const { path, ...command } = request;
    const { headers, ...init } = commandRequest(command);
    const sent = async (signature: Record<string, string>) => {
      const response = await this.ask(path, { ...init, headers: { ...headers, ...signature } });
      return [response.status, await response.json()] as const;
    };
    const isRefused = ([status, { code }]: Awaited<ReturnType<typeof sent>>) =>
      status === 422 && unsignable.includes(code ?? '');
    if (!this.signs) return sent({});
    const first = await sent(await this.signing.headers(request));
    if (!isRefused(first)) return first;
    await this.signing.renew();
    const second = await sent(await this.signing.headers(request));
    return isRefused(second) ? sent({}) : second;
  }

  /** The outcome of a command; undefined while it is unknown. */
  async settled(key: string): Promise<Reply | undefined> {
    try {
      const response = await this.ask(pathTo('commands', key), {});
      const body = await response.json();
      return response.ok && body.status === 'won' ? replyOf(201, body) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The response of a story's feed. */
  feed(story: string, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: 'text/event-stream' };
    return this.fetch(pathTo('stories', story, 'feed'), { headers, signal, cache: 'no-store' });
  }

  /** Captures the page at this address now, for the captures of a content. Sites may be slow. */
  capture(story: string, url: string): Promise<Value> {
    return this.post(pathTo('stories', story, 'captures'), { url }, longestCaptureMs);
  }

  /** Captures the page at this address again, for `again` of a capture. */
  captureAgain(story: string, url: string): Promise<Value> {
    return this.post(pathTo('stories', story, 'captures', 'again'), { url }, longestCaptureMs);
  }

  /** A small copy of the picture of a page that was captured, for who has its ticket. */
  async smallCopy(story: string, ticket: string): Promise<Blob> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ ticket }) };
    const response = await this.ask(pathTo('stories', story, 'captures', 'picture'), init);
    if (!response.ok) throw new Unanswered(response.status, `The newsroom answered with ${response.status}.`);
    return response.blob();
  }

  /** Posts what is no command of the log. */
  async post<Answer>(path: string, body: object = {}, withinMs = this.answersWithinMs): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) }, withinMs).catch(
      () => undefined,
    );
    if (!response) throw new Unanswered(0, 'The newsroom does not answer.');
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return answer as Answer;
    throw new Unanswered(
      response.status,
      answer?.detail ?? `The newsroom answered with ${response.status}.`,
      answer?.code,
    );
  }

  /** Sends a picture, a recording or captions for a story, in parts if it is large. Rejects with an Unanswered that says why it was refused. */
  upload(story: string, file: File, onProgress?: (progress: Progress) => void): Promise<AnyUploaded> {
    const line = browserLine(async (path, init, withinMs) => {
      const response = await this.fetch(path, { ...init, signal: AbortSignal.timeout(withinMs) });
      return { status: response.status, body: await response.json().catch(() => undefined) };
    });
    return upload(line, story, file, onProgress);
  }

  /** Sends a request that is not a command of the log. Returns every answer, refusals too; throws only if no answer comes. */
  async answer(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<Answered> {
    const init =
      body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await this.ask(path, { method, ...init }).catch(() => undefined);
    if (!response) throw new Unanswered(0, navigator.onLine ? 'The newsroom does not answer.' : 'You are offline.');
    return { status: response.status, body: await response.json().catch(() => undefined) };
  }

  /** Sends a last word while the page closes. */
  tell(path: string, body: object): void {
    const headers = { 'Content-Type': 'application/json' };
    const sent = this.fetch(path, { method: 'POST', headers, body: JSON.stringify(body), keepalive: true });
    sent.catch(() => undefined);
  }

  /** Ends the session. Returns the address that also signs out at the issuer; null if there is none, or nobody answers. */
  async signOut(): Promise<string | null> {
    const response = await this.ask('/sign-out', { method: 'POST' }).catch(() => undefined);
    if (!response?.ok)
      throw new Unanswered(response?.status ?? 0, 'The newsroom does not answer, so you are still signed in.');
    return ((await response.json()) as { next: string | null }).next;
  }

  /** Deletes the person's key for signing from this browser, as they sign out or their session has ended. */
  forgetKey(): Promise<unknown> {
    return this.signing.end();
  }

  ask(path: string, init: RequestInit, withinMs = this.answersWithinMs): Promise<Response> {
    return this.fetch(path, { ...init, signal: AbortSignal.timeout(withinMs + onTheWayMs) });
  }

  private fetch(path: string, init: RequestInit): Promise<Response> {
    const proof = this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` };
    return fetchReleased(path, { ...init, headers: { ...(init.headers as object), ...proof } });
  }
}

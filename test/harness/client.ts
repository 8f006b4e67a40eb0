import { commandRequest, CommandSigner, newKeyPair, type Command } from '#client';
import { randomUUID } from 'node:crypto';
import { documentAt } from './app.js';
import { conformanceTo } from './conformance.js';

const documented: Record<string, Promise<ReturnType<typeof conformanceTo>>> = {};

/** An answer as any HTTP client sees it. `body` is parsed if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  readonly body: any;
}

/**
 * The body that opens a story for every editor of the newsroom, unless it names a team: most tests are about several people in one story and
 * not about who of them may be there.
 */
export const forNewsroom = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'title' in body && !('team' in body)
    ? { ...body, team: 'newsroom' }
    : body;

export interface Sent {
  readonly key?: string;
  readonly ifMatch?: string;
  readonly headers?: Record<string, string>;
}

/**
 * A client that returns every answer as it is, refusals too, and compares each with the app's own documentation. The clients of the
 * product read an answer's meaning, so tests of status codes and headers cannot use them.
 */
export class Client {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
    private readonly signer?: CommandSigner,
  ) {}

  /** The same client with a key of its own, which signs its commands. */
  async signing(): Promise<Client> {
    const ask = (path: string, init: RequestInit) =>
      fetch(new URL(path, this.url), { ...init, headers: { ...this.headers, ...(init.headers as object) } });
    return new Client(this.url, this.headers, new CommandSigner((await newKeyPair())!, ask));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, { headers: { ...this.headers, ...headers } });
  }

  /** Posts JSON. A string is sent unchanged. A story is opened for the whole newsroom unless the body says otherwise: see `forNewsroom`. */
  post(path: string, body: unknown = {}, sent: Sent = {}): Promise<Answer> {
    return this.send('POST', path, path === '/stories' ? forNewsroom(body) : body, sent);
  }

  put(path: string, body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.send('PUT', path, body, sent);
  }

  private async send(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    { key = randomUUID(), ifMatch, headers }: Sent,
  ): Promise<Answer> {
    const command = { method, path, body, key, head: ifMatch };
    const signed = (await this.signer?.headers(command)) ?? {};
    const answer = await this.sendOnce(command, { ...signed, ...headers });
    // As the desk does: what cannot be signed is sent without a signature.
    return 'Dateline-Signature' in signed && answer.body?.code === 'not-as-signed'
      ? this.sendOnce(command, { ...headers })
      : answer;
  }

  private sendOnce({ path, ...command }: Command & { path: string }, headers: Record<string, string>): Promise<Answer> {
    const { body } = command;
    const request = commandRequest(command);
    return this.ask(path, {
      ...request,
      ...(typeof body === 'string' && { body }),
      headers: { ...request.headers, ...this.headers, ...headers },
    });
  }

  /** Rejects if an answer contradicts the app's documentation. */
  private async conforms(method: string, { url, status, headers }: Response, body: string): Promise<void> {
    const { origin, pathname: path } = new URL(url);
    if (path.startsWith('/docs')) return;
    const name = documentAt(origin);
    const amissIn = await (documented[name] ??= fetch(`${origin}/docs-json`)
      .then(answer => answer.json())
      .then(document => conformanceTo(document as Parameters<typeof conformanceTo>[0]))
      .catch((error: unknown) => {
        // The app may have ended; the next one is asked again.
        delete documented[name];
        throw error;
      }));
    const amiss = amissIn({ method, path, status, headers: Object.fromEntries(headers), body });
    if (amiss.length > 0) throw new Error(`The answer differs from the documentation: ${amiss.join('; ')}`);
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), init);
    const text = await response.text();
    await this.conforms(init.method ?? 'GET', response, text);
    const json = /json/.test(response.headers.get('Content-Type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json && text ? JSON.parse(text) : undefined,
    };
  }
}

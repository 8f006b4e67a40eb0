import { commandRequest } from '#client';
import { randomUUID } from 'node:crypto';
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
  ) {}

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

  private send(method: 'POST' | 'PUT', path: string, body: unknown, { key = randomUUID(), ifMatch, headers }: Sent) {
    const request = commandRequest({ method, body, key, head: ifMatch });
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
    const amissIn = await (documented[origin] ??= fetch(`${origin}/docs-json`)
      .then(answer => answer.json())
      .then(document => conformanceTo(document as Parameters<typeof conformanceTo>[0])));
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

import { setTimeout as sleep } from 'node:timers/promises';

/** A request that a client of the newsroom sends. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | Uint8Array;
  /** The status of the answer that the client waits for. */
  readonly good: number;
  /** Statuses after which the client sends it again. Default: those of an outage, of too many requests, of a conflict and of a pending command. */
  readonly again?: readonly number[];
}

/** The answer of a process. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Where the process is. */
  readonly url: string;
}

/** Statuses of an outage, and of too many requests. */
export const outage: readonly number[] = [429, 502, 503];
/** A request without an answer is sent again after this time. */
export const patienceMs = 10_000;

/** A client repeats a request that gets a wrong answer. So many of these answers are kept. */
const mostWrong = 100;

/** Sends requests to the editor-apis of a storm, each to one of them at random. */
export class Sender {
  /** Answers that no fault explains. */
  readonly wrong: string[] = [];
  /** What each address last said instead of a good answer. */
  readonly said = new Map<string, string>();

  constructor(
    private readonly urlOf: () => string | undefined,
    readonly authorization: string,
  ) {}

  /** The body of a good answer, parsed. Undefined if the client must send the request again. */
  async send(sent: Sent): Promise<unknown> {
    const answer = await this.ask(sent);
    return answer?.status === sent.good ? answer.body : undefined;
  }

  /** The answer of the process at `url`, by default one at random. Undefined if none comes. */
  async ask(sent: Sent, url: string | undefined = this.urlOf()): Promise<Answer | undefined> {
    const { method, path, good, again = [202, 409, ...outage] } = sent;
    if (!url) return undefined;
    try {
      const init = { method, ...this.contentOf(sent), signal: AbortSignal.timeout(patienceMs) };
      const response = await fetch(new URL(path, url), init);
      const text = await response.text();
      const { status } = response;
      if (status !== good) this.said.set(url, `${status}: ${text.slice(0, 200)}`);
      if (![good, ...again].includes(status) && this.wrong.length < mostWrong)
        this.wrong.push(`${method} ${path} was answered ${status}: ${text.slice(0, 200)}`);
      return { status, body: JSON.parse(text), url };
    } catch (error) {
      // The connection or the process ended, or nothing came in time.
      this.said.set(url, (error as Error).message);
    }
    return undefined;
  }

  /** The body of a good answer, asked for again until it comes. Undefined if `late` comes first. */
  async answered(sent: Sent, late: AbortSignal): Promise<unknown> {
    for (; !late.aborted; await sleep(100)) {
      const answer = await this.send(sent);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  private contentOf({ headers, body }: Sent) {
    const all = { Authorization: this.authorization, ...headers };
    if (body === undefined) return { headers: all };
    return body instanceof Uint8Array
      ? { headers: all, body: new Uint8Array(body) }
      : { headers: { 'Content-Type': 'application/json', ...all }, body: JSON.stringify(body) };
  }
}

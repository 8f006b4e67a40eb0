import { commandRequest, pathTo, type Command } from '#client';
import { replyOf, unreached, type Reply } from './reply.js';

/** The editor API does not answer, or does not accept this token. */
export class Unanswered extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A command and its route. */
export interface Request extends Command {
  readonly path: string;
}

/** Time for the network beyond the API's own limit, in milliseconds. */
const onTheWayMs = 5_000;

/** A client of the editor API for a signed-in person. */
export class EditorApi {
  /** `answersWithinMs`: the longest time that the API takes to answer a command, in milliseconds. */
  constructor(
    readonly token: string,
    private readonly answersWithinMs: number,
  ) {}

  async get<Answer>(path: string): Promise<Answer> {
    const response = await this.ask(path, {}).catch(() => undefined);
    if (!response) throw new Unanswered(0, 'The newsroom does not answer.');
    const body = await response.json().catch(() => undefined);
    if (response.ok) return body as Answer;
    throw new Unanswered(response.status, body?.detail ?? `The newsroom answered with ${response.status}.`);
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
  async send({ path, ...command }: Request): Promise<Reply> {
    try {
      const response = await this.ask(path, commandRequest(command));
      return replyOf(response.status, await response.json());
    } catch {
      return unreached(navigator.onLine ? 'The newsroom does not answer.' : 'You are offline.');
    }
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

  ask(path: string, init: RequestInit): Promise<Response> {
    return this.fetch(path, { ...init, signal: AbortSignal.timeout(this.answersWithinMs + onTheWayMs) });
  }

  private fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(path, { ...init, headers: { ...(init.headers as object), Authorization: `Bearer ${this.token}` } });
  }
}

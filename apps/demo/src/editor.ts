import { commandRequest } from '#client';
import type { Won } from '#contract';
import { devToken, devTokenSettings, readSettings } from '#platform';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from '../stories/player.js';

/** The answer to a command that was recorded. */
export interface Answer extends Pick<Won, 'position' | 'development'> {
  /** True if it was in the log before it was sent. */
  readonly replayed: boolean;
}

const keepTryingMs = 30_000;
const pauseMs = 500;

const tokenOf = (who: Parameters<typeof devToken>[1]): Promise<string> => devToken(readSettings(devTokenSettings), who);

/** A token of the local key for a person who may perform every act that takes one person. */
export const editorToken = () => tokenOf({ id: 'demo-editor', name: 'Demo editor', roles: ['editor'] });
/** A token for the second person of a takedown. */
export const lawyerToken = () => tokenOf({ id: 'demo-lawyer', name: 'Demo lawyer', roles: ['legal'] });

/** An editor's client. It sends a command with the same key until it is recorded, and throws if it is refused. */
export class Editor {
  constructor(
    readonly url: string,
    readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  async send(request: Request): Promise<Answer> {
    const until = performance.now() + keepTryingMs;
    for (;;) {
      const response = await this.post(request).catch((error: Error) => error);
      if (!(response instanceof Error) && response.status !== 202 && response.status !== 503)
        return answered(request, response);
      this.signal.throwIfAborted();
      if (performance.now() > until) {
        const said = response instanceof Error ? response.message : `${response.status} ${await response.text()}`;
        throw new Error(`POST ${this.url}${request.path} has not taken effect after ${keepTryingMs / 1000} s: ${said}`);
      }
      await sleep(pauseMs);
    }
  }

  private post({ path, ...command }: Request): Promise<Response> {
    const { headers, ...request } = commandRequest(command);
    const Authorization = `Bearer ${this.token}`;
    return fetch(this.url + path, { ...request, headers: { ...headers, Authorization }, signal: this.signal });
  }
}

async function answered({ path, key }: Request, response: Response): Promise<Answer> {
  const text = await response.text();
  const replayed = response.status === 200 || response.headers.has('Idempotency-Replayed');
  if (response.ok) return { ...(JSON.parse(text) as Omit<Answer, 'replayed'>), replayed };
  const hint = text.includes('"key-taken"')
    ? '\nAn earlier run played the story with other text. Replay it with: npm start -- --fresh'
    : '';
  throw new Error(`${key} was refused: POST ${path} was answered with ${response.status} ${text}${hint}`);
}

import type { Commit, FieldError } from './contracts.js';

/** The answer to a command, by the desk's reaction to it. */
export type Reply =
  | { readonly reply: 'posted'; readonly position: number; readonly head: string; readonly development?: string }
  | { readonly reply: 'already-so'; readonly position: number; readonly head: string }
  /** The command is in flight: it may still be recorded. */
  | { readonly reply: 'pending' }
  | { readonly reply: 'conflict'; readonly head: string; readonly meanwhile: readonly Commit[] }
  /** The editor must change the command first. */
  | {
      readonly reply: 'refused';
      readonly code: string;
      readonly detail: string;
      readonly errors: readonly FieldError[];
    }
  /** Another command with this key is already recorded. */
  | { readonly reply: 'key-taken' }
  | { readonly reply: 'signed-out'; readonly detail: string }
  /** The API did not answer, or the log is unavailable: sending the command again does no harm. */
  | { readonly reply: 'unreached'; readonly detail: string };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of an API that this page is served by
type Body = any;

/** The reply if no usable answer arrived. */
export const unreached = (detail: string): Reply => ({ reply: 'unreached', detail });

/** Reads an answer. An answer of an unknown form counts as none, because the outcome is then unknown. */
export function replyOf(status: number, body: Body): Reply {
  if (status === 201) {
    const { position, commit: head, development } = body;
    return { reply: 'posted', position, head, ...(development && { development }) };
  }
  if (status === 200 && body?.status === 'already-so')
    return { reply: 'already-so', position: body.position, head: body.head };
  return status === 202 ? { reply: 'pending' } : refusal(status, body ?? {});
}

function refusal(status: number, { code, detail = `The newsroom answered with ${status}.`, ...body }: Body): Reply {
  if (status === 401) return { reply: 'signed-out', detail };
  if (code === 'head-moved') return { reply: 'conflict', head: body.head, meanwhile: body.meanwhile };
  if (code === 'key-taken') return { reply: 'key-taken' };
  // A rate limit is not an error in the draft: the draft is kept and can be sent again.
  if (status === 429) return unreached(detail);
  if (status >= 400 && status < 500) return { reply: 'refused', code: String(code), detail, errors: body.errors ?? [] };
  return unreached(detail);
}

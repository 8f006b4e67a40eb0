import type { Commit, FieldError } from './contracts.js';

/** What a command was answered with, by what the desk does about it. */
export type Reply =
  | { readonly reply: 'posted'; readonly position: number; readonly head: string; readonly development?: string }
  | { readonly reply: 'already-so'; readonly position: number; readonly head: string }
  /** On its way: it may still come to stand. */
  | { readonly reply: 'pending' }
  | { readonly reply: 'conflict'; readonly head: string; readonly meanwhile: readonly Commit[] }
  /** Something in it has to be changed first. */
  | {
      readonly reply: 'refused';
      readonly code: string;
      readonly detail: string;
      readonly errors: readonly FieldError[];
    }
  /** The first words under this key stand already. */
  | { readonly reply: 'key-taken' }
  | { readonly reply: 'signed-out'; readonly detail: string }
  /** Nobody answered, or the log cannot be reached: the same again is harmless. */
  | { readonly reply: 'unreached'; readonly detail: string };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of an API that this page is served by
type Body = any;

export const unreached = (detail: string): Reply => ({ reply: 'unreached', detail });

/** Reads an answer; an answer of no known form counts as none, as what stands is then unknown. */
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
  // Too much at once is no fault of the draft: it is kept, and sent again it is harmless.
  if (status === 429) return unreached(detail);
  if (status >= 400 && status < 500) return { reply: 'refused', code: String(code), detail, errors: body.errors ?? [] };
  return unreached(detail);
}

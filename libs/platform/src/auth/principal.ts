import { Problem } from '../problem.js';

/** The person or the program that a token or a session identifies. */
export interface Principal {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
  /** When the token or the session expires, in milliseconds since 1970. */
  readonly ends: number;
  /** For a program: the story in which it acts, its acts, and the subject of the person who made its token and with whose rights it acts. */
  readonly machine?: { readonly story: string; readonly acts: readonly string[]; readonly maker: string };
}

/** A 401 or 403 with a reason for the log, which the answer does not reveal. */
export class Refused extends Problem {
  constructor(
    status: 401 | 403,
    code: string,
    detail: string,
    readonly why: string,
    more: Record<string, unknown> = {},
  ) {
    super(status, code, detail, more);
  }
}

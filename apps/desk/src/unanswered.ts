/** The editor API does not answer, or does not accept this token or session. */
export class Unanswered extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The problem's code, if the API answered. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** An answer of any status, with its body if that is JSON. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

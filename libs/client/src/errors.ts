/** Refusals of a request that came at a wrong time: Request Timeout, Too Early, Too Many Requests. */
const passing: readonly number[] = [408, 425, 429];

/** The reader-api refused the request. `code` is one of the codes in its documentation. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Milliseconds to wait before the next attempt, if the server gave a time. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }

  /** Whether another attempt would get the same answer. */
  get final(): boolean {
    return this.status < 500 && !passing.includes(this.status);
  }
}

/** Reads the API's problem from a response; any other body is reported by its status. */
export async function refusalOf(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return new Refused(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? `${response.status} ${response.statusText}`,
    Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  );
}

/** The reader-api said no. `code` is one of its documentation. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Milliseconds to wait before another try, where the server said so. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }

  /** Whether another try would get the same answer. */
  get final(): boolean {
    return this.status < 500 && this.status !== 429;
  }
}

/** A problem as the API tells it; whatever else stands in its place is told by its status. */
export async function refusalOf(response: Response): Promise<Refused> {
  const told = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return new Refused(
    response.status,
    told.code ?? 'unknown',
    told.detail ?? `${response.status} ${response.statusText}`,
    Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  );
}

/** The reader-api said no, and another try would get the same answer. `code` is one of its documentation. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** A problem as the API tells it; whatever else stands in its place is told by its status. */
export async function refusalOf(response: Response): Promise<Refused> {
  const told = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  return new Refused(
    response.status,
    told.code ?? 'unknown',
    told.detail ?? `${response.status} ${response.statusText}`,
  );
}

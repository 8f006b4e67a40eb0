/** What a row found. */
export interface Found {
  /** How many tries ran. */
  readonly tries: number;
  /** One line for each time that the invariant did not hold. */
  readonly violations: readonly string[];
  /** What else the run counted, such as acknowledged posts. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** How a row reports progress, and when it must end. */
export interface Report {
  line(text: string): void;
  /** Aborted when the row has used its time, or the run is interrupted. It then returns what it has. */
  readonly signal: AbortSignal;
  /** The seed of random numbers, or the first seed of simulations. */
  readonly seed: number;
  /** What the row found so far. It is kept if the row throws; a row that ends returns all that it found. */
  readonly violations: string[];
  readonly scale: 'short' | 'long';
}

/** A row of the matrix: a kind of fault, and what must hold in spite of it. */
export interface Row {
  readonly name: string;
  readonly fault: string;
  readonly invariant: string;
  /** What one try is. */
  readonly unit: string;
  /** How many tries a short and a long run make. */
  readonly short: number;
  readonly long: number;
  /** Whether it needs Kafka and Postgres. */
  readonly needsServers: boolean;
  run(tries: number, report: Report): Promise<Found>;
}

/**
 * A signal that aborts after so many milliseconds, or when another one does. Where a signal is only looked at, and nobody listens to it, one
 * from `AbortSignal.timeout` within `AbortSignal.any` is collected as garbage and never aborts.
 */
export function within(ms: number, signal: AbortSignal): AbortSignal {
  const over = new AbortController();
  const end = () => over.abort();
  setTimeout(end, ms).unref();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return over.signal;
}

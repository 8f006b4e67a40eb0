import type { Report } from './report.js';

export interface Running {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** A way that is open and can be started, or what it lacks. */
export type Opened = { readonly start: () => Promise<Running> } | { readonly lacks: readonly string[] };

/** Where servers put what they write. `born` is true for a folder without data of an earlier run. */
export interface Place {
  readonly dir: string;
  readonly keep: boolean;
  readonly born: boolean;
  readonly report: Report;
}

/** Starts both at once; if one fails, ends the other before failing. */
export async function startBoth<A extends Stoppable, B extends Stoppable>(
  a: Promise<A>,
  b: Promise<B>,
): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const one of [first, second]) if (one.status === 'fulfilled') await one.value.stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

interface Stoppable {
  stop(): Promise<void>;
}

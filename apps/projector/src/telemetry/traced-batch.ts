import { contextOf, traceChannel, tracer } from '#platform';
import type { Pool } from '#postgres';
import type { Arbitrated } from '#projections';
import { SpanKind } from '@opentelemetry/api';

/** A winner with a trace. */
export interface TracedCommit {
  readonly position: number;
  readonly stream: string;
  readonly parent: string;
}

/** Maximum number of traces in one notification: Postgres accepts less than 8,000 bytes. */
const toldAtOnce = 50;

/** The winners that carry CloudEvents' `traceparent`, with their positions. Pure. */
export function tracedCommits({ winners }: Arbitrated): TracedCommit[] {
  return winners.flatMap(({ record, verdict: { position, stream } }) => {
    const parent = record.headers.ce_traceparent;
    return parent ? [{ position, stream, parent }] : [];
  });
}

/**
 * Applies a batch under its winners' traces. The reader-api is notified of the traces first, so that they continue to the reader's page. A
 * failed notification does no harm.
 */
export async function tracedBatch<T>(
  pool: Pool,
  commits: readonly TracedCommit[],
  apply: () => Promise<T>,
): Promise<T> {
  if (commits.length === 0) return apply();
  const spans = commits.map(({ position, stream, parent }) =>
    tracer().startSpan('project', { kind: SpanKind.CONSUMER, attributes: { position, stream } }, contextOf(parent)),
  );
  const latest = commits.slice(-toldAtOnce).map(({ position, parent }) => ({ position, parent }));
  await pool.query('select pg_notify($1, $2)', [traceChannel, JSON.stringify(latest)]).catch(() => undefined);
  try {
    return await apply();
  } finally {
    for (const span of spans) span.end();
  }
}

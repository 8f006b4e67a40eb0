import type { LogReader } from '#event-log';
import { gaugesOf } from '#platform';
import type { Registry } from 'prom-client';
import type { Status } from '../loop/status.js';

/** Shares one look among all callers that ask while it runs. */
export function once<T>(look: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () => (looking ??= look().finally(() => (looking = undefined)));
}

/** The log's end (the offset of its next record), seen at an instant in milliseconds. */
interface Seen {
  readonly end: number;
  readonly at: number;
}

/** How far the projector is behind the log. */
export interface Lag {
  /** Number of records that wait. */
  readonly records: number;
  /** How long the oldest record has been known to wait. */
  readonly seconds: number;
}

/** Computes the lag of a projector that has applied all records before `next`, from successive looks at the log's end. */
export class LagWatch {
  private waiting: readonly Seen[] = [];

  look(next: number, end: number, now: number): Lag {
    const waiting = [...this.waiting, { end, at: now }].filter(seen => seen.end > next);
    // A later look counts only if it saw a further end: the same records wait since the earlier look.
    this.waiting = waiting.filter((seen, i) => i === 0 || seen.end > waiting[i - 1]!.end);
    const since = this.waiting[0]?.at ?? now;
    return { records: Math.max(0, end - next), seconds: (now - since) / 1_000 };
  }
}

/**
 * Registers the projector's metrics. Each is read at scrape time. Only the leader reports all of them; a standby reports `dateline_leader`.
 */
export function watchProjector(status: Status, reader: Pick<LogReader, 'bounds'>, registry: Registry): void {
  const gauge = gaugesOf(registry);
  const led = () => (status.role === 'leader' ? status.progress : undefined);
  const watch = new LagWatch();
  const lag = once(async (): Promise<Lag | undefined> => {
    const before = led();
    // While the log is away its length is unknown: the log has its own alert.
    const end = before && (await reader.bounds().catch(() => undefined))?.next;
    const now = led();
    return now && end !== undefined ? watch.look(now.checkpoint.next_offset, end, performance.now()) : undefined;
  });
  gauge('dateline_leader', '1 if this projector leads, 0 if it is on standby.', () => Number(status.role === 'leader'));
  gauge('dateline_projection_position', 'The last position applied.', () => led()?.checkpoint.position);
  gauge('dateline_projection_live', '1 if readers read the build that this projector applies to.', () => {
    const progress = led();
    return progress && Number(progress.checkpoint.live);
  });
  gauge(
    'dateline_quarantined_streams',
    'Streams quarantined: this version cannot decode a committed record.',
    () => led()?.quarantined.size,
  );
  gauge(
    'dateline_projection_lag_records',
    'Records of the log that wait to be applied.',
    async () => (await lag())?.records,
  );
  gauge(
    'dateline_projection_lag_seconds',
    'How long the oldest of these records has waited.',
    async () => (await lag())?.seconds,
  );
}

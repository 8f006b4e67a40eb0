import type { LogReader } from '#event-log';
import { inTransaction } from '#postgres';
import {
  applyBatch,
  loadProgress,
  promote,
  releaseQuarantined,
  type Checkpoint,
  type Progress,
  type Projection,
  type Stores,
} from '#projections';
import { Outbox } from '../ledger/outbox.js';
import { readBack } from '../ledger/read-back.js';
import type { LedgerTopic } from '../ledger/topic.js';
import { tracedBatch, tracedCommits } from '../telemetry/traced-batch.js';
import { fetchFrom } from './fetch.js';
import type { Status } from './status.js';

export interface Folding extends Stores {
  readonly reader: LogReader;
  readonly ledger: LedgerTopic;
  readonly projections: readonly Projection[];
  readonly batchSize: number;
  readonly status: Status;
}

/**
 * Folds the log into the build, from its checkpoint on, until `signal` is aborted; and tells the ledger's topic when
 * readers could see it. What the topic knows comes first, so that nothing replayed gets a second, later time.
 */
export async function fold(folding: Folding, signal: AbortSignal): Promise<void> {
  const { pool, ledger } = folding;
  await readBack(pool, ledger.reader, signal);
  const outbox = new Outbox(pool, ledger.appender);
  const over = new AbortController();
  const sending = outbox.run(AbortSignal.any([signal, over.signal]));
  try {
    await foldOn(folding, () => outbox.fill(), signal);
  } finally {
    over.abort();
    await sending;
  }
}

async function foldOn(folding: Folding, onVisible: () => void, signal: AbortSignal): Promise<void> {
  const { reader, projections, batchSize, status } = folding;
  let progress = status.read(await loadProgress(folding.pool, projections));
  progress = status.read(await releaseQuarantined(folding, projections, progress));
  progress = status.read(await goLive(folding, progress));
  onVisible();
  await fetchFrom(
    reader,
    progress.checkpoint,
    batchSize,
    async records => {
      const traced = tracedCommits(progress.arbitration, records);
      const apply = () => applyBatch(folding, projections, progress, records);
      progress = status.read(await tracedBatch(folding.pool, traced, apply));
      progress = status.read(await goLive(folding, progress));
      onVisible();
    },
    signal,
  );
}

/** Readers get the build once it has caught up, or at once where they have none; they never go back. */
async function goLive({ pool, reader }: Folding, progress: Progress): Promise<Progress> {
  const { checkpoint } = progress;
  if (checkpoint.live) return progress;
  const { next } = await reader.bounds();
  const caughtUp = checkpoint.next_offset >= next;
  const live = await inTransaction(pool, 'write', async client => {
    // What is live stands still until readers have left it.
    if (caughtUp) await client.query('lock table dateline.build in share row exclusive mode');
    const { rows } = await client.query<Checkpoint>('select next_offset from dateline.build where live');
    if (rows[0] && !(caughtUp && checkpoint.next_offset >= rows[0].next_offset)) return false;
    await promote(client, checkpoint.name);
    return true;
  });
  return live ? { ...progress, checkpoint: { ...checkpoint, live } } : progress;
}

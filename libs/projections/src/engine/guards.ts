import { arbitrate, emptyLog, LogError, recordDigest, type LogReader, type LogRecord } from '#event-log';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint } from '../builds/checkpoints.js';

const lookAgainMs = 500;

/** The log is not the one that the build was made from. Nothing was applied or reset. */
export class LogReplaced extends Error {
  constructor(build: string, what: string) {
    super(
      `${what}: this is not the log that ${build} was made from. Name the right log, restore it, or drop the build to build it again.`,
    );
  }
}

/**
 * Checks that the log still holds as many records as were applied; otherwise the reader would wait for them without end. Checks twice,
 * as a broker that has just become leader may briefly report fewer.
 */
export async function checkLength(reader: LogReader, { next_offset: applied }: Checkpoint): Promise<void> {
  if ((await reader.bounds()).next >= applied) return;
  await sleep(lookAgainMs);
  const { next } = await reader.bounds();
  if (next < applied)
    throw new LogError('log-gone-back', `it ends at offset ${next}, but ${applied} records were applied`);
}

/** Checks that the first commit of the log, among the applied records, is the build's. */
export async function checkGenesis(reader: LogReader, checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
  const { name, log, next_offset: applied } = checkpoint;
  if (log === null) return;
  const seen = new AbortController();
  let state = emptyLog;
  const take = async (records: readonly LogRecord[]) => {
    for (const { headers } of records) if (!state.genesis) [state] = arbitrate(state, headers);
    if (state.genesis || records.at(-1)!.offset + 1 >= applied) seen.abort();
  };
  await reader.read(0, take, AbortSignal.any([seen.signal, signal]));
  if (seen.signal.aborted && state.genesis !== log)
    throw new LogReplaced(name, `The log's id is ${state.genesis ?? 'none'}, not ${log}`);
}

/** Checks that the record before the checkpoint equals the one that was applied. */
export function checkLast(record: LogRecord, { name, last_record }: Checkpoint): void {
  if (recordDigest(record) !== last_record)
    throw new LogReplaced(name, `The record at offset ${record.offset} is not the one that was applied`);
}

import type { LogReader, LogRecord } from '#event-log';
import { recordDigest, type Checkpoint } from '#projections';

/** The log is not the one that the build was made from. Nothing was applied, and nothing is reset. */
export class LogReplaced extends Error {
  constructor(build: string, what: string) {
    super(
      `${what}: this is not the log that ${build} was made from. Name the right log, restore it, or drop the build to make it anew.`,
    );
  }
}

/** Checks that the log begins with the build's first record. */
export async function checkGenesis(reader: LogReader, { name, log }: Checkpoint, signal: AbortSignal): Promise<void> {
  if (log === null) return;
  const first = await firstRecord(reader, signal);
  if (first && first.headers.ce_id !== log)
    throw new LogReplaced(name, `The log's id is ${first.headers.ce_id}, not ${log}`);
}

/** Checks that the record before the checkpoint is still the one that was applied. */
export function checkLast(record: LogRecord, { name, last_record }: Checkpoint): void {
  if (recordDigest(record) !== last_record)
    throw new LogReplaced(name, `The record at offset ${record.offset} is another one than was applied`);
}

async function firstRecord(reader: LogReader, signal: AbortSignal): Promise<LogRecord | undefined> {
  const seen = new AbortController();
  let first: LogRecord | undefined;
  const take = async (records: readonly LogRecord[]) => {
    first ??= records[0];
    seen.abort();
  };
  await reader.read(0, take, AbortSignal.any([seen.signal, signal]));
  return first;
}

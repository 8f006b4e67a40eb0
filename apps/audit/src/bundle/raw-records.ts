import { readRawLine, type RawCommit } from '#bundle';
import { canonicalJson } from '#domain';
import { headersOf, type LogRecord } from '#event-log';
import { LineTooLong, linesOf } from './files.js';

/** Not in a bundle in which each record's line gives back all of its bytes. */
export const rawFile = 'raw-records.jsonl';

/** By position; undefined where the file cannot be read, or its positions do not rise. Few records have such bytes. */
export async function readRawRecords(folder: string): Promise<ReadonlyMap<number, RawCommit> | undefined> {
  const raw = new Map<number, RawCommit>();
  let last = 0;
  try {
    for await (const text of linesOf(folder, rawFile)) {
      const line = readRawLine(text);
      if (!line || line.position <= last) return undefined;
      raw.set((last = line.position), line);
    }
  } catch (error) {
    if (error instanceof LineTooLong) return undefined;
    throw error;
  }
  return raw;
}

/** Whether these are bytes that read as the commit does. */
export const readsAs = (raw: RawCommit, { headers, value }: Pick<LogRecord, 'headers' | 'value'>): boolean =>
  canonicalJson(headersOf(raw)) === canonicalJson(headers) && (!raw.valueless || value.length === 0);

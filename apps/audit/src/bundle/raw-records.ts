import { readRawLine, type RawCommit } from '#bundle';
import { canonicalJson } from '#domain';
import { headersOf, type LogRecord } from '#event-log';
import { LineTooLong, linesOf } from './files.js';

/** The optional file for records whose lines do not reproduce all their bytes. */
export const rawFile = 'raw-records.jsonl';

/**
 * Raw records by position; undefined if the file cannot be read, or its positions do not increase. Such records are rare.
 */
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

/** Whether these bytes decode to the commit. */
export const readsAs = (raw: RawCommit, { headers, value }: Pick<LogRecord, 'headers' | 'value'>): boolean =>
  canonicalJson(headersOf(raw)) === canonicalJson(headers) && (!raw.valueless || value.length === 0);

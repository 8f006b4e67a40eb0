import type { NewRecord } from '#event-log';

/** Bytes of records sent together: far below the mebibyte that every log accepts. */
const together = 256 * 1_024;

function bytesOf({ key, headers, value }: NewRecord): number {
  const written = Object.entries(headers).map(([name, text = '']) => Buffer.byteLength(name) + Buffer.byteLength(text));
  return written.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(key) + value.length);
}

/** The records in order, in batches as large as allowed. A larger record is a batch alone. */
export async function* inBatches(
  records: AsyncIterable<NewRecord> | Iterable<NewRecord>,
): AsyncGenerator<readonly NewRecord[]> {
  let batch: NewRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    const more = bytesOf(record);
    if (batch.length > 0 && bytes + more > together) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

import { arbitrate, emptyLog, kafkaReader, type LogRecord } from '#event-log';

/** The first records of a topic, as every process reads them. */
export async function readAll(topic: string, count: number): Promise<LogRecord[]> {
  const reader = kafkaReader({ brokers: process.env.KAFKA_BROKERS!.split(','), topic });
  const records: LogRecord[] = [];
  const done = new AbortController();
  const take = async (batch: readonly LogRecord[]) => void (records.push(...batch) >= count && done.abort());
  await reader.read(0, take, done.signal).finally(() => reader.close());
  return records;
}

/** The winners, one line each. */
export function winnersOf(records: readonly LogRecord[]): string[] {
  let state = emptyLog;
  return records.flatMap(({ offset, headers }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    if (!verdict.won) return [];
    const { position, stream, seq, id } = verdict;
    return [JSON.stringify({ position, offset, stream, seq, id })];
  });
}

interface Report {
  readonly first: { readonly code: string; stream: string | null; seq: number | null; position: number | null } | null;
  readonly unchecked: readonly string[];
  readonly [field: string]: unknown;
}

/** The output of `verify` without texts, times and names of builds. */
export function verdictOf({ equal, records, winners, voids, streams, faults, first, unchecked }: Report) {
  const at = first && { code: first.code, stream: first.stream, seq: first.seq, position: first.position };
  return { equal, records, winners, voids, streams, faults, first: at, unchecked: unchecked.length };
}

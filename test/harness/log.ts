import { arbitrate, decode, emptyLog, kafkaReader, type Decoded, type LogRecord } from '#event-log';

export interface WholeLog {
  readonly winners: readonly Decoded[];
  readonly voids: number;
}

/** Every record of the topic, from the first to its current end, as its bytes are. */
export async function rawRecords(env: Record<string, string>): Promise<LogRecord[]> {
  const reader = kafkaReader({ brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! });
  const records: LogRecord[] = [];
  try {
    const { next } = await reader.bounds();
    const done = new AbortController();
    const take = async (batch: readonly LogRecord[]) => {
      records.push(...batch);
      if (records.length >= next) done.abort();
    };
    await reader.read(0, take, done.signal);
  } finally {
    await reader.close();
  }
  return records;
}

/** Reads the whole topic, and arbitrates it as any reader would. */
export async function readLog(env: Record<string, string>): Promise<WholeLog> {
  const records = await rawRecords(env);
  let state = emptyLog;
  const winners: Decoded[] = [];
  for (const { headers, value } of records) {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    if (verdict.won) winners.push(decode(headers, value, verdict));
  }
  return { winners, voids: records.length - winners.length };
}

import { digest, type Author, type DomainEvent } from '#domain';
import {
  arbitrate,
  emptyLog,
  encode,
  headOf,
  kafkaAppender,
  kafkaReader,
  type LogRecord,
  type Signed,
} from '#event-log';
import type { TestNewsroom } from './newsroom.js';

/** All records of the newsroom's log. */
export async function recordsOf({ env }: TestNewsroom): Promise<LogRecord[]> {
  const reader = kafkaReader({ brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! });
  const { next } = await reader.bounds();
  const records: LogRecord[] = [];
  const done = new AbortController();
  await reader.read(0, async batch => void (records.push(...batch) >= next && done.abort()), done.signal);
  await reader.close();
  return records;
}

/** Appends a commit as somebody would who has Kafka's password: past the editor-api, on the head of its stream. */
export async function appendPast(
  newsroom: TestNewsroom,
  stream: string,
  by: Author,
  events: readonly DomainEvent[],
  signed?: Signed,
): Promise<void> {
  const records = await recordsOf(newsroom);
  const state = records.reduce((held, { headers }) => arbitrate(held, headers)[0], emptyLog);
  const head = headOf(state, stream);
  const { env } = newsroom;
  const appender = kafkaAppender({ brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! });
  const outcome = await appender.append(
    encode({
      source: records.find(({ headers }) => headers.ce_subject === 'log')!.headers.ce_source!,
      ...{ stream, seq: head.seq + 1, parent: head.id, recorded: new Date().toISOString() },
      ...{ command: `past-${head.id}`, commandHash: digest(head.id), by, events, signed },
    }),
  );
  await appender.close();
  if (outcome !== 'sent') throw new Error(`The record was ${outcome}.`);
}

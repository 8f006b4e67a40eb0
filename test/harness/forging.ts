import { arbitrate, emptyLog, encode, headOf, kafkaAppender, kafkaReader, type LogRecord } from '#event-log';
import type { TestNewsroom } from './newsroom.js';

/** Appends a commit by another producer: it wins by its headers, but no process can read its value. */
export async function forge({ env }: TestNewsroom, stream: string): Promise<void> {
  const log = { brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! };
  const reader = kafkaReader(log);
  const { next } = await reader.bounds();
  const records: LogRecord[] = [];
  const done = new AbortController();
  await reader.read(0, async batch => void (records.push(...batch) >= next && done.abort()), done.signal);
  await reader.close();
  const state = records.reduce((held, { headers }) => arbitrate(held, headers)[0], emptyLog);
  const head = headOf(state, stream);
  const draft = {
    source: 'elsewhere',
    stream,
    seq: head.seq + 1,
    parent: head.id,
    recorded: new Date(0).toISOString(),
  };
  const known = encode({
    ...draft,
    command: `forged-${head.id}`,
    commandHash: head.id,
    by: { id: 'x' },
    events: [{ type: 'StoryClosed', data: {} }],
  });
  const appender = kafkaAppender(log);
  const outcome = await appender.append({ ...known, value: Buffer.from('{"from":"the future"}') });
  await appender.close();
  if (outcome !== 'sent') throw new Error(`The forged record was ${outcome}.`);
}

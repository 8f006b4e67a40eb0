import {
  ensureTopic,
  kafkaAppender,
  kafkaReader,
  type KafkaOptions,
  type LogAppender,
  type LogReader,
} from '#event-log';

/** The topic beside the log that keeps for ever when each position became visible. */
export interface LedgerTopic {
  readonly appender: LogAppender;
  readonly reader: LogReader;
}

/** The ledger's topic of a log's; it is made where it is missing. */
export async function ledgerTopic(log: KafkaOptions): Promise<LedgerTopic> {
  const options = { ...log, topic: `${log.topic}.visible` };
  await ensureTopic(options);
  return { appender: kafkaAppender(options), reader: kafkaReader(options) };
}

export const closeLedger = ({ appender, reader }: LedgerTopic) =>
  Promise.allSettled([appender.close(), reader.close()]);

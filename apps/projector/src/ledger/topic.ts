import {
  besideLog as beside,
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

/** Makes the topic where it is missing. */
export const ensureLedger = (log: KafkaOptions): Promise<void> => ensureTopic(beside(log));

/** The ledger of a log's, whose topic there must be. */
export const openLedger = (log: KafkaOptions): LedgerTopic => ({
  appender: kafkaAppender(beside(log)),
  reader: kafkaReader(beside(log)),
});

export const closeLedger = ({ appender, reader }: LedgerTopic) =>
  Promise.allSettled([appender.close(), reader.close()]);

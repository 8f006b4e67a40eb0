import {
  ensureTopic,
  kafkaAppender,
  kafkaReader,
  visibilityLogOf,
  type KafkaOptions,
  type LogAppender,
  type LogReader,
} from '#event-log';

/** The topic that records when readers could see each position, so that the answer survives a lost database. */
export interface VisibilityTopic {
  readonly appender: LogAppender;
  readonly reader: LogReader;
}

/** Creates the topic where it is missing. */
export const ensureVisibilityLog = (log: KafkaOptions): Promise<void> => ensureTopic(visibilityLogOf(log));

/** The visibility log of a log; its topic must exist. */
export const openVisibilityLog = (log: KafkaOptions): VisibilityTopic => ({
  appender: kafkaAppender(visibilityLogOf(log)),
  reader: kafkaReader(visibilityLogOf(log)),
});

/** Closes the topic's connections. Never rejects. */
export const closeVisibilityLog = ({ appender, reader }: VisibilityTopic) =>
  Promise.allSettled([appender.close(), reader.close()]);

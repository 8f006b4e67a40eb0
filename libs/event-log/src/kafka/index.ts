export { grantAccess } from './access.js';
export { kafkaAppender } from './appender.js';
export { longestAppendMs, type KafkaLogLine, type KafkaOptions } from './client.js';
export { kafkaReader, settingsCheckMs, type ReaderOptions } from './reader.js';
export { visibilityLogOf, ensureTopic, topicExists, type TopicOptions } from './topic.js';

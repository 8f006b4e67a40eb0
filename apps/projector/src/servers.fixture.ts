import { ensureTopic, kafkaAppender, type NewRecord } from '#event-log';
import { ensureVisibilityLog } from '#projections';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { filledDatabase, type TestDatabase } from '../../../test/harness/databases.js';

export const brokers = (process.env.KAFKA_BROKERS ?? '').split(',');

export interface TestLog {
  readonly brokers: readonly string[];
  readonly topic: string;
  append(records: readonly NewRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Creates a log and its visibility log, and appends these records. */
export async function testLog(records: readonly NewRecord[] = []): Promise<TestLog> {
  const log = { brokers, topic: `projector-${randomUUID()}` };
  await Promise.all([ensureTopic(log), ensureVisibilityLog(log)]);
  const appender = kafkaAppender(log);
  const append = async (more: readonly NewRecord[]) => {
    for (const record of more)
      if ((await appender.append(record)) !== 'sent') throw new Error('The log did not take a record.');
  };
  await append(records);
  return { ...log, append, close: () => appender.close() };
}

/** Creates a database with all tables. */
export const testDatabase = (): Promise<TestDatabase> => filledDatabase('projector');

/** Resolves when `reached` gives true. Rejects after `ms` milliseconds. */
export async function until(reached: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = performance.now() + ms; !(await reached()); await sleep(20))
    if (performance.now() > end) throw new Error(`Not reached within ${ms} ms: ${reached}`);
}

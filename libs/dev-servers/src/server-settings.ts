import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the database. */
export const DATABASE = 'dateline';

/** PostgreSQL's password: created once for a data folder, readable only by our user. */
export function passwordOf(dir: string): string {
  const file = join(dir, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Broker settings for containers and native processes: one node, no automatic topics, no delay for the first group member. */
export const KAFKA_SETTINGS: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  // A 256 KiB body may grow when it is escaped, and its headers are extra.
  'message.max.bytes': String(1024 * 1024),
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'log.cleaner.dedupe.buffer.size': String(16 * 1024 * 1024),
};

/** Turns `a.b-c` into `KAFKA_A_B__C`, the form that the official image reads. */
export function asEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const name = (key: string) =>
    `KAFKA_${key.replaceAll('_', '___').replaceAll('-', '__').replaceAll('.', '_').toUpperCase()}`;
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [name(key), value]));
}

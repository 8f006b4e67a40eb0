import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the database. */
export const DATABASE = 'dateline';

/** A password, by the name of its user or server: created once for a data folder, readable only by our user. */
export function passwordOf(dir: string, name = 'postgres'): string {
  const file = join(dir, `${name}.password`);
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

/** A listener at which users sign in with SASL PLAIN, and may do only what access rules allow; by name, their passwords. */
export interface SignInListener {
  readonly port: number;
  readonly passwords: Readonly<Record<string, string>>;
}

/** The passwords of these users of Kafka, created once for a data folder. */
export const kafkaPasswords = (dir: string, users: readonly string[]): Record<string, string> =>
  Object.fromEntries(users.map(user => [user, passwordOf(dir, `kafka-${user}`)]));

/**
 * The broker's settings for a listener CLIENT at which users sign in. At the other listeners nobody signs in, and everybody is the
 * administrator: they are on loopback. `protocols`: the security protocols of the other listeners.
 */
export const signInSettings = (
  { passwords }: Pick<SignInListener, 'passwords'>,
  protocols: string,
): Record<string, string> => ({
  'listener.security.protocol.map': `${protocols},CLIENT:SASL_PLAINTEXT`,
  'listener.name.client.sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${Object.entries(
    passwords,
  )
    .map(([user, password]) => `user_${user}="${password}"`)
    .join(' ')};`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'false',
  'super.users': 'User:ANONYMOUS',
});

/** Turns `a.b-c` into `KAFKA_A_B__C`, the form that the official image reads. */
export function asEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const name = (key: string) =>
    `KAFKA_${key.replaceAll('_', '___').replaceAll('-', '__').replaceAll('.', '_').toUpperCase()}`;
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [name(key), value]));
}

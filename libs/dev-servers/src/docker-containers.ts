import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { freePort } from './free-port.js';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { asEnvironment, DATABASE, KAFKA_SETTINGS, passwordOf, signInSettings } from './server-settings.js';
import type { KafkaUsers } from './ways.js';
import { answeredWithin, kafkaAnswers, postgresAnswers } from './ready.js';

/** How a container is connected to this machine. */
export interface Box {
  /** The host under which its published ports are reachable. */
  readonly host: string;
  /** The address to publish its ports on. Default: all of the engine's addresses. */
  readonly bind?: string;
  /** The named volume for its data; without one the data is deleted with the container. */
  readonly volume?: string;
  readonly labels: Record<string, string>;
}

const ORDERLY = { timeout: 10_000, remove: true, removeVolumes: true };
const START_LIMIT_MS = 120_000;

// The container library publishes on every address and has no option to change that.
class BoundKafka extends GenericContainer {
  bind: string | undefined;
  protected override async beforeContainerCreated(): Promise<void> {
    publishOn(this.bind, this.hostConfig.PortBindings);
  }
}

class BoundPostgres extends PostgreSqlContainer {
  bind: string | undefined;
  protected override async beforeContainerCreated(): Promise<void> {
    publishOn(this.bind, this.hostConfig.PortBindings);
  }
}

function publishOn(address: string | undefined, bindings: Record<string, { HostIp?: string }[]>): void {
  if (address) for (const binding of Object.values(bindings).flat()) binding.HostIp = address;
}

const protocols = 'PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT';

/** Starts one broker. Its ports must be chosen beforehand, because the broker advertises them to clients. */
export async function startKafkaContainer(
  image: string,
  box: Box,
  passwords: KafkaUsers['passwords'] = {},
): Promise<{ brokers: string; kafkaUsers?: KafkaUsers; stop(): Promise<void> }> {
  const [port, signInPort] = [await freePort(), await freePort()];
  const signsIn = Object.keys(passwords).length > 0;
  const kafkaUsers = signsIn && { brokers: `${box.host}:${signInPort}`, passwords };
  const data = '/var/lib/kafka/data';
  const container = new BoundKafka(image);
  container.bind = box.bind;
  container
    .withExposedPorts({ container: 9092, host: port }, ...(signsIn ? [{ container: 9095, host: signInPort }] : []))
    .withLabels(box.labels)
    .withStartupTimeout(START_LIMIT_MS)
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .withEnvironment({
      ...asEnvironment({
        ...KAFKA_SETTINGS,
        // The advertised address is unreachable from inside the container, where the broker connects to itself for transactions.
        listeners: `PLAINTEXT://:9092,INSIDE://localhost:9094,CONTROLLER://localhost:9093${signsIn ? ',CLIENT://:9095' : ''}`,
        'advertised.listeners': `PLAINTEXT://${box.host}:${port},INSIDE://localhost:9094${signsIn ? `,CLIENT://${box.host}:${signInPort}` : ''}`,
        'listener.security.protocol.map': protocols,
        ...(signsIn && signInSettings({ passwords }, protocols)),
        'inter.broker.listener.name': 'INSIDE',
        'controller.quorum.voters': '1@localhost:9093',
        'log.dirs': data,
      }),
      // As natively; the image chooses the collector itself, and the JVM refuses a second choice.
      KAFKA_HEAP_OPTS: '-Xmx512m -XX:TieredStopAtLevel=1',
    });
  if (box.volume) container.withBindMounts([{ source: box.volume, target: data }]);
  const brokers = `${box.host}:${port}`;
  const started = await container.start();
  await answering(started, () => kafkaAnswers(brokers));
  return { brokers, ...(kafkaUsers && { kafkaUsers }), stop: async () => void (await started.stop(ORDERLY)) };
}

/** Starts PostgreSQL with our database; its password is in `dir`. */
export async function startPostgresContainer(
  image: string,
  box: Box,
  dir: string,
): Promise<{ databaseUrl: string; stop(): Promise<void> }> {
  const password = passwordOf(dir);
  const container = new BoundPostgres(image);
  container.bind = box.bind;
  container
    .withDatabase(DATABASE)
    .withUsername('postgres')
    .withPassword(password)
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--locale=C --encoding=UTF8', TZ: 'UTC' })
    .withLabels(box.labels)
    .withStartupTimeout(START_LIMIT_MS);
  // From version 18 on the image keeps its data in a folder below this one, named after the version.
  if (box.volume) container.withBindMounts([{ source: box.volume, target: '/var/lib/postgresql' }]);
  const started = await container.start();
  const databaseUrl = `postgres://postgres:${password}@${box.host}:${started.getPort()}/${DATABASE}`;
  await answering(started, () => postgresAnswers(databaseUrl));
  return { databaseUrl, stop: async () => void (await started.stop(ORDERLY)) };
}

async function answering(started: StartedTestContainer, probe: () => Promise<unknown>): Promise<void> {
  try {
    await answeredWithin(30_000, probe);
  } catch (error) {
    await started.stop(ORDERLY);
    throw error;
  }
}

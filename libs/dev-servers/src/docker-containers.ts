import { PostgreSqlContainer } from '@testcontainers/postgresql';
import getPort from 'get-port';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { asEnvironment, KAFKA_SETTINGS } from './kafka-settings.js';
import { DATABASE, passwordOf } from './password.js';
import { answeredWithin, kafkaAnswers, postgresAnswers } from './ready.js';

/** How a container is bound to this machine. */
export interface Box {
  /** Where its published ports are reached. */
  readonly host: string;
  /** The address its ports are published on; all of the engine's when left out. */
  readonly bind?: string;
  /** The named volume that keeps its data; without one the data goes with the container. */
  readonly volume?: string;
  readonly labels: Record<string, string>;
}

const ORDERLY = { timeout: 10_000, remove: true, removeVolumes: true };
const START_LIMIT_MS = 120_000;

// The container library publishes on every address and has no option against it.
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

/** One broker. Its port must be fixed beforehand, because it tells clients where to find it. */
export async function startKafkaContainer(
  image: string,
  box: Box,
): Promise<{ brokers: string; stop(): Promise<void> }> {
  const port = await getPort();
  const data = '/var/lib/kafka/data';
  const container = new BoundKafka(image);
  container.bind = box.bind;
  container
    .withExposedPorts({ container: 9092, host: port })
    .withLabels(box.labels)
    .withStartupTimeout(START_LIMIT_MS)
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .withEnvironment({
      ...asEnvironment({
        ...KAFKA_SETTINGS,
        // What it advertises to clients leads nowhere from inside, where it must reach itself to take a transaction.
        listeners: 'PLAINTEXT://:9092,INSIDE://localhost:9094,CONTROLLER://localhost:9093',
        'advertised.listeners': `PLAINTEXT://${box.host}:${port},INSIDE://localhost:9094`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
        'inter.broker.listener.name': 'INSIDE',
        'controller.quorum.voters': '1@localhost:9093',
        'log.dirs': data,
      }),
      KAFKA_HEAP_OPTS: '-Xmx512m',
    });
  if (box.volume) container.withBindMounts([{ source: box.volume, target: data }]);
  const brokers = `${box.host}:${port}`;
  const started = await container.start();
  await answering(started, () => kafkaAnswers(brokers));
  return { brokers, stop: async () => void (await started.stop(ORDERLY)) };
}

/** PostgreSQL with our database; its password lies in `dir`. */
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
  // From version 18 on the image keeps its data in a folder named after the version, below this one.
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

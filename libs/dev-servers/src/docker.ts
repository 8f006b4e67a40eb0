import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getContainerRuntimeClient, getReaper, ImageName, type ContainerRuntimeClient } from 'testcontainers';
import { startKafkaContainer, startPostgresContainer, type Box } from './docker-containers.js';
import { livingFrom } from './identity.js';
import { reported } from './report.js';
import { kafkaPasswords } from './server-settings.js';
import { startBoth, type Opened, type Place, type Running } from './ways.js';

/** The address at which a client reaches the Docker engine. */
export interface EngineAddress {
  readonly socketPath?: string;
  readonly host?: string;
}

/** Whether this is the engine that a DOCKER_HOST such as unix:///path or tcp://host:port names; true if that is unknown. */
export function isNamed({ socketPath, host }: EngineAddress, dockerHost: string): boolean {
  const url = URL.parse(dockerHost);
  if (url?.protocol === 'unix:') return socketPath === url.pathname;
  return url?.protocol === 'tcp:' ? host === url.hostname : true;
}

/** The images of the servers. Keep Kafka's version equal to that of the native server. */
export const IMAGES = { kafka: 'apache/kafka:4.3.0', postgres: 'postgres:18' } as const;

// A running engine answers at once; one that was asleep needs a moment.
const ENGINE_LIMIT_MS = 5_000;
const OURS = { 'dateline.host': hostname(), 'dateline.user': String(process.getuid?.() ?? userInfo().username) };

/** Starts servers in containers, with the engine that the container library finds (DOCKER_HOST, a docker context, the usual sockets). */
export async function openDocker(place: Place): Promise<Opened> {
  const named = process.env.DOCKER_HOST;
  const client = await engine();
  // The library falls back to the usual sockets; a user who names an engine wants no other.
  if (!client || (named && !isNamed(client.container.dockerode.modem as EngineAddress, named)))
    return { lacks: [`no Docker engine answers${named ? ` at ${named}` : ''}`] };
  const lacks = [];
  for (const image of Object.values(IMAGES)) {
    const lack = await imageLacking(client, image, place);
    if (lack) lacks.push(lack);
  }
  return lacks.length > 0 ? { lacks } : { start: () => start(client, place) };
}

async function engine(): Promise<ContainerRuntimeClient | undefined> {
  const limit = sleep(ENGINE_LIMIT_MS, undefined, { ref: false });
  return Promise.race([getContainerRuntimeClient().catch(() => undefined), limit]);
}

async function imageLacking(client: ContainerRuntimeClient, image: string, place: Place): Promise<string | undefined> {
  const name = ImageName.fromString(image);
  let why = 'the pull did not deliver it';
  try {
    if (await client.image.exists(name)) return undefined;
    await reported(place.report, `pulling image ${image} (once)`, client.image.pull(name));
    if (await client.image.exists(name)) return undefined;
  } catch (error) {
    why = (error as Error).message;
  }
  return `image ${image} is missing and cannot be pulled (${why})`;
}

async function start(client: ContainerRuntimeClient, place: Place): Promise<Running> {
  await chooseReaper(client);
  await removeOrphans(client, place.dir);
  const volumes = place.keep ? await keptVolumes(client, place) : undefined;
  const { host } = client.info.containerRuntime;
  const box = (volume: string | undefined): Box => ({
    // A remote engine's port must be reachable from here; a local one's only from this machine.
    ...(host === 'localhost' ? { host: '127.0.0.1', bind: '127.0.0.1' } : { host }),
    ...(volume && { volume }),
    labels: { ...OURS, 'dateline.dir': place.dir },
  });
  const [kafka, postgres] = await startBoth(
    reported(
      place.report,
      'starting Kafka in a container',
      startKafkaContainer(IMAGES.kafka, box(volumes?.kafka), kafkaPasswords(place.dir, place.kafkaUsers)),
    ),
    reported(
      place.report,
      'starting PostgreSQL in a container',
      startPostgresContainer(IMAGES.postgres, box(volumes?.postgres), place.dir),
    ),
  );
  return {
    kafkaBrokers: kafka.brokers,
    ...(kafka.kafkaUsers && { kafkaUsers: kafka.kafkaUsers }),
    databaseUrl: postgres.databaseUrl,
    stop: async () => void (await Promise.all([kafka.stop(), postgres.stop()])),
  };
}

/** The library's reaper removes containers whose process died. Where its image is unavailable, removeOrphans() does it later. */
async function chooseReaper(client: ContainerRuntimeClient): Promise<void> {
  try {
    await getReaper(client);
  } catch {
    process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  }
}

/** What a container's labels say. */
type Labels = Readonly<Record<string, string>>;

/**
 * Whether a process left the container behind: it is of `dir`, which is ours now, or its owner is dead. We cannot read whether another
 * user's owner lives, so such containers are that user's to remove.
 */
export function isOrphan(labels: Labels, dir: string, ours: Labels = OURS): boolean {
  const theirs = labels['dateline.dir'];
  if (!theirs || labels['dateline.host'] !== ours['dateline.host']) return false;
  if (theirs === dir) return true;
  return labels['dateline.user'] === ours['dateline.user'] && !livingFrom(join(theirs, 'owner.json'));
}

/** Removes containers that processes of this host left behind. */
async function removeOrphans(client: ContainerRuntimeClient, dir: string): Promise<void> {
  for (const { Id, Labels } of await client.container.dockerode.listContainers({ all: true })) {
    if (!isOrphan(Labels, dir)) continue;
    const container = client.container.getById(Id);
    await container.stop({ t: 10 }).catch(() => {});
    await container.remove({ force: true, v: true });
  }
}

/** Volumes named after the data folder. A new or emptied folder gets empty volumes. */
async function keptVolumes(client: ContainerRuntimeClient, place: Place): Promise<{ kafka: string; postgres: string }> {
  const name = `dateline-${createHash('sha256').update(place.dir).digest('hex').slice(0, 16)}`;
  const volumes = { kafka: `${name}-kafka`, postgres: `${name}-postgres` };
  if (place.born) {
    for (const volume of Object.values(volumes))
      await client.container.dockerode
        .getVolume(volume)
        .remove()
        .catch(() => {});
  }
  return volumes;
}

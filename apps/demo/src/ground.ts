import { provision, ProvisioningError, type KafkaUsers, type Report, type Services } from '#dev-servers';
import { roledApps, rights } from '#rights';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { Arguments } from './args.js';

/** A temporary database and topic for one run, on given servers. */
export interface ThrowAway {
  readonly databaseUrl: string;
  readonly topic: string;
  drop(): Promise<void>;
}

/** Creates a temporary database and topic. */
export async function throwAwayOn({ databaseUrl }: Services, say: Report): Promise<ThrowAway> {
  const id = randomBytes(6).toString('hex');
  const [database, topic] = [`dateline_once_${id}`, `dateline-once-${id}`];
  await run(databaseUrl, `create database ${database}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  const drop = async () => {
    await run(databaseUrl, `drop database if exists ${database} with (force)`);
    say(`your Kafka still holds the topic ${topic}; you can delete it`);
  };
  return { databaseUrl: url.href, topic, drop };
}

async function run(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect().catch((error: Error) => {
    throw new Error(`The PostgreSQL server in DATABASE_URL cannot be used: ${error.message}`, { cause: error });
  });
  await client.query(statement).finally(() => client.end());
}

/** The newsroom's servers, its names on them, and a folder for its processes' logs. */
export interface Ground {
  readonly kafkaBrokers: string;
  /** The apps' users of Kafka, on servers that the demo started. */
  readonly kafkaUsers?: KafkaUsers;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly logs: string;
  /** The value of BLOB_STORE for every process: where pictures are. */
  readonly blobStore: string;
  /** What the editor-api and the fetcher share; as long as the data is kept, because drafts hold captures that it proves. */
  readonly fetcherSecret: string;
  /** The folder in which the editor-api keeps its state, where the data is kept. */
  readonly state?: string;
  /** The place of the data, for a person. */
  readonly data: string;
  readonly provisionedBy: Services['provisionedBy'];
  /** Stops servers that the demo started. Deletes temporary data; keeps its logs after a failure. */
  release(well: boolean): Promise<void>;
}

const dataDir = join('.dateline', 'data');
const dataOf: Record<Services['provisionedBy'], string> = {
  external: 'on the servers that you named',
  docker: 'in its own Docker volumes; npm start -- --fresh deletes them',
  native: dataDir,
};
/** The apps that connect to Kafka, each as its own user. */
const kafkaUsers = roledApps.filter(app => typeof rights[app].topics === 'object');
const blobStoreIn = (folder: string) => process.env.BLOB_STORE || pathToFileURL(join(folder, 'blobs')).href;
const newSecret = () => randomBytes(32).toString('base64url');
/** The secret in a file, which is made at the first start. */
function secretIn(file: string): string {
  if (!existsSync(file)) writeFileSync(file, newSecret(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
const topicOf = () => process.env.LOG_TOPIC || 'dateline';

/** Starts or finds the servers for a run. */
export const prepareGround = ({ once, fresh }: Arguments, say: Report): Promise<Ground> =>
  once ? throwAwayGround(say) : keptGround(fresh, say);

async function keptGround(fresh: boolean, say: Report): Promise<Ground> {
  if (fresh) await forget(say);
  const services = await provision({ dataDir, keep: true, kafkaUsers, report: say });
  if (fresh) await refuseBorrowed(services);
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const state = join(dataDir, 'state');
  const data = dataOf[services.provisionedBy];
  const blobStore = blobStoreIn(dataDir);
  const fetcherSecret = secretIn(join(dataDir, 'fetcher-secret'));
  return { ...services, topic: topicOf(), logs, blobStore, fetcherSecret, state, data, release: () => services.stop() };
}

async function throwAwayGround(say: Report): Promise<Ground> {
  const services = await provision({ dataDir, keep: false, kafkaUsers, report: say });
  const logs = mkdtempSync(join(tmpdir(), 'dateline-logs-'));
  const release = async (well: boolean) => {
    await services.stop();
    if (well) rmSync(logs, { recursive: true, force: true });
  };
  const ground = {
    ...services,
    logs,
    blobStore: blobStoreIn(logs),
    fetcherSecret: newSecret(),
    data: 'deleted at the end',
  };
  if (services.provisionedBy !== 'external') return { ...ground, topic: topicOf(), release };
  const { databaseUrl, topic, drop } = await throwAwayOn(services, say).catch(error =>
    release(true).then(() => Promise.reject(error)),
  );
  const releaseBoth = (well: boolean) => drop().finally(() => release(well));
  return { ...ground, databaseUrl, topic, release: releaseBoth };
}

/** Deletes the data of earlier runs. */
async function forget(say: Report): Promise<void> {
  if (!existsSync(dataDir)) return;
  say('deleting the data of earlier runs; this starts their servers once more');
  try {
    // Starting and stopping the servers locks the folder and ends every process that a killed run left in it.
    const services = await provision({ dataDir, keep: true, report: say });
    await refuseBorrowed(services);
    await services.stop();
  } catch (error) {
    // The data is in a form that can no longer be opened, or is why a server does not start, so it must be deleted.
    const isPast = error instanceof ProvisioningError && ['kept-elsewhere', 'start-failed'].includes(error.code);
    if (!isPast) throw error;
  }
  rmSync(dataDir, { recursive: true, force: true });
  say(`deleted the data of earlier runs in ${dataDir}`);
}

/** Refuses to delete data on servers that the demo did not start. */
async function refuseBorrowed({ provisionedBy, stop }: Services): Promise<void> {
  if (provisionedBy !== 'external') return;
  await stop();
  throw new Error(
    'KAFKA_BROKERS and DATABASE_URL name your own servers, and --fresh deletes nothing there. To start over, set LOG_TOPIC to a new topic and DATABASE_URL to a new database.',
  );
}

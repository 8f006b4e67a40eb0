import { provision, ProvisioningError, type Report, type Services } from '#dev-servers';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arguments } from './args.js';
import { throwAwayOn } from './throw-away.js';

/** What the newsroom stands on: servers, the names it uses on them, and a folder for its processes' logs. */
export interface Ground {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly logs: string;
  /** Where the data is, for a person. */
  readonly data: string;
  readonly provisionedBy: Services['provisionedBy'];
  /** Ends the servers if they are ours. Throw-away data goes; its logs stay where it did not go well. */
  release(well: boolean): Promise<void>;
}

const dataDir = join('.dateline', 'data');
const dataOf: Record<Services['provisionedBy'], string> = {
  external: 'on the servers that you named',
  docker: 'in its own Docker volumes; npm start -- --fresh deletes them',
  native: dataDir,
};
const topicOf = () => process.env.LOG_TOPIC || 'dateline';

export const prepareGround = ({ once, fresh }: Arguments, say: Report): Promise<Ground> =>
  once ? throwAwayGround(say) : keptGround(fresh, say);

async function keptGround(fresh: boolean, say: Report): Promise<Ground> {
  if (fresh) await forget(say);
  const services = await provision({ dataDir, keep: true, report: say });
  if (fresh) await refuseBorrowed(services);
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  return { ...services, topic: topicOf(), logs, data: dataOf[services.provisionedBy], release: () => services.stop() };
}

async function throwAwayGround(say: Report): Promise<Ground> {
  const services = await provision({ dataDir, keep: false, report: say });
  const logs = mkdtempSync(join(tmpdir(), 'dateline-logs-'));
  const release = async (well: boolean) => {
    await services.stop();
    if (well) rmSync(logs, { recursive: true, force: true });
  };
  const ground = { ...services, logs, data: 'deleted at the end' };
  if (services.provisionedBy !== 'external') return { ...ground, topic: topicOf(), release };
  const { databaseUrl, topic, drop } = await throwAwayOn(services, say).catch(error =>
    release(true).then(() => Promise.reject(error)),
  );
  const releaseBoth = (well: boolean) => drop().finally(() => release(well));
  return { ...ground, databaseUrl, topic, release: releaseBoth };
}

/** Deletes what earlier runs kept. */
async function forget(say: Report): Promise<void> {
  if (!existsSync(dataDir)) return;
  say('deleting the data of earlier runs; this starts their servers once more');
  try {
    // Taking the servers up and down again claims the folder and ends whatever a killed run left running in it.
    const services = await provision({ dataDir, keep: true, report: say });
    await refuseBorrowed(services);
    await services.stop();
  } catch (error) {
    // Kept in a way that is closed now: deleting it is the way out.
    if (!(error instanceof ProvisioningError && error.code === 'kept-elsewhere')) throw error;
  }
  rmSync(dataDir, { recursive: true, force: true });
  say(`deleted the data of earlier runs in ${dataDir}`);
}

/** On servers of somebody else nothing is ours to delete. */
async function refuseBorrowed({ provisionedBy, stop }: Services): Promise<void> {
  if (provisionedBy !== 'external') return;
  await stop();
  throw new Error(
    'KAFKA_BROKERS and DATABASE_URL name your own servers, and --fresh deletes nothing there. To start over, set LOG_TOPIC to a new topic and DATABASE_URL to a new database.',
  );
}

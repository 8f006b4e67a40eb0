import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A bundle to start with, and the options for the audit command line. */
export interface Restoring {
  readonly bundle: string;
  /** The expected signer; by default this machine's key. */
  readonly key: string | undefined;
  readonly lostKeys: string | undefined;
  readonly lostFiles: string | undefined;
}

/** The servers to restore to, and the names on them. */
interface Where {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly blobStore: string;
}

const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
const known = ({ lostKeys, lostFiles }: Restoring) => [
  ...option('--lost-keys', lostKeys),
  ...option('--lost-files', lostFiles),
];
const by = ({ key }: Restoring) => option('--key', key);

/** What a restore to empty servers needs to be in the bundle: keys and files, unless a setting says where they are. */
const needed = () => [
  ...(process.env.KEY_STORE ? [] : ['--for-restore']),
  ...(process.env.BLOB_STORE ? [] : ['--with-files']),
];

/** Rejects if the bundle cannot be restored. It needs no servers, so that no data is deleted for an invalid bundle. */
export const checkBundle = (it: Restoring): Promise<void> =>
  audit(['check', it.bundle, ...by(it), ...known(it), ...needed()]).catch((error: Error) => {
    throw new Error(`${error.message} Nothing was deleted, and nothing was restored.`, { cause: error });
  });

/** Restores the bundle to empty servers, before any app runs on them. */
export const restoreBundle = (it: Restoring, where: Where): Promise<void> =>
  audit(['restore', it.bundle, ...by(it), ...known(it)], where);

/** Verifies the restored log, once it is folded. */
export const verifyRestored = (it: Restoring, where: Where): Promise<void> => audit(['verify', ...known(it)], where);

/** Runs the audit command line, which prints its own output. Rejects if it fails. */
async function audit(args: readonly string[], where?: Where): Promise<void> {
  const program = fileURLToPath(new URL('../../audit/src/main.js', import.meta.url));
  const settings = where && {
    KAFKA_BROKERS: where.kafkaBrokers,
    DATABASE_URL: where.databaseUrl,
    LOG_TOPIC: where.topic,
    BLOB_STORE: where.blobStore,
  };
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`audit ${args[0]} failed (${signal ?? `exit code ${code}`}); see above.`);
}

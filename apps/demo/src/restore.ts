import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A bundle to begin with, and what the auditors' command line is told with it. */
export interface Restoring {
  readonly bundle: string;
  /** Who should have signed it; this machine's key where not given. */
  readonly key: string | undefined;
  readonly lostKeys: string | undefined;
}

/** The servers, and the names on them, that a bundle goes to. */
interface Where {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
}

const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
const known = ({ lostKeys }: Restoring) => option('--lost-keys', lostKeys);
const by = ({ key }: Restoring) => option('--key', key);

/** Rejects where the bundle cannot be restored. Needs no servers, so that nothing is deleted for such a bundle. */
export const checkBundle = (it: Restoring): Promise<void> =>
  audit(['check', it.bundle, ...by(it), ...known(it), ...(process.env.KEY_STORE ? [] : ['--for-restore'])]).catch(
    (error: Error) => {
      throw new Error(`${error.message} Nothing was deleted, and nothing was restored.`, { cause: error });
    },
  );

/** Puts the bundle into servers that hold nothing yet, before any app is on them. */
export const restoreBundle = (it: Restoring, where: Where): Promise<void> =>
  audit(['restore', it.bundle, ...by(it), ...known(it)], where);

/** Verifies what came out, once it is folded. */
export const verifyRestored = (it: Restoring, where: Where): Promise<void> => audit(['verify', ...known(it)], where);

/** Runs the auditors' command line, which prints for itself. Rejects where it does not end well. */
async function audit(args: readonly string[], where?: Where): Promise<void> {
  const program = fileURLToPath(new URL('../../audit/src/main.js', import.meta.url));
  const { kafkaBrokers, databaseUrl, topic } = where ?? {};
  const settings = where ? { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl, LOG_TOPIC: topic } : {};
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`audit ${args[0]} failed (${signal ?? `exit code ${code}`}); see above.`);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mainOf } from './app.js';
import type { TestNewsroom } from './newsroom.js';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Auditing {
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
}

/** Commands that change the read model or delete files run as the projector, a restore and a search for keys as the owner of the database, the others as an auditor. */
const roles: Readonly<Record<string, 'projector' | 'prepare'>> = {
  rebuild: 'projector',
  builds: 'projector',
  scrub: 'projector',
  collect: 'projector',
  restore: 'prepare',
  keys: 'prepare',
};
const roleFor = (command = '') => roles[command] ?? 'audit';

/** Runs the audit command line in a separate process. */
export const audit = (newsroom: Pick<TestNewsroom, 'envOf'>, ...args: string[]): Auditing =>
  auditOf('.', newsroom, ...args);

/** A command that takes longer hangs, and is ended. */
const endsWithinMinutes = 20;

/** Runs the audit command line of another checkout in a separate process. */
export function auditOf(home: string, newsroom: Pick<TestNewsroom, 'envOf'>, ...args: string[]): Auditing {
  const env = { ...process.env, NODE_OPTIONS: '', ...newsroom.envOf(roleFor(args[0])) };
  const timeout = endsWithinMinutes * 60_000;
  const child = spawn(process.execPath, [mainOf('audit', home), ...args], { env, timeout, killSignal: 'SIGKILL' });
  const from = performance.now();
  let [out, err] = ['', ''];
  child.stdout.on('data', data => (out += data));
  child.stderr.on('data', data => (err += data));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    if (code === null && performance.now() - from >= timeout)
      err += `\naudit ${args.join(' ')} did not end within ${endsWithinMinutes} minutes.`;
    return { code: code ?? null, out, err };
  });
  return { process: child, ended };
}

export async function succeeds({ ended }: { ended: Promise<Ran> }): Promise<Ran> {
  const ran = await ended;
  if (ran.code !== 0) throw new Error(`The audit command ended with ${ran.code}: ${ran.err}${ran.out}`);
  return ran;
}

export const lastLine = ({ out }: Ran) => JSON.parse(out.trimEnd().split('\n').at(-1)!);

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program that takes longer hangs, and is ended. */
const endsWithinMinutes = 20;

function run(name: string, args: readonly string[]): { code: number | null; out: string } {
  const { error, status, stdout, stderr } = spawnSync('python3', [join('test', 'independent', name), ...args], {
    encoding: 'utf8',
    timeout: endsWithinMinutes * 60_000,
    killSignal: 'SIGKILL',
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT')
    throw new Error(`${name} did not end within ${endsWithinMinutes} minutes.`);
  if (error) throw new Error(`The independent programs need python3 (3.9 or newer): ${error.message}`);
  return { code: status, out: stdout + stderr };
}

/** Runs the check that was written only from the documentation. */
export const python = (...args: string[]) => run('check_bundle.py', args);

/** What the fold that was written only from the documentation makes of a bundle; NaN and '' where it makes nothing. */
export function foldedInPython(bundle: string): { code: number | null; out: string; rows: number; hash: string } {
  const { code, out } = run('fold_timeline.py', [bundle]);
  const [, rows, hash = ''] = /^TIMELINE at \d+: (\d+) rows, (\w{64})$/m.exec(out) ?? [];
  return { code, out, rows: Number(rows), hash };
}

import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const script = join('test', 'independent', 'check_bundle.py');
const found = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { encoding: 'utf8' });
const why = found.error?.message ?? (found.status === 0 ? '' : `python3 is older than 3.9 or broken: ${found.stderr}`);
if (why)
  console.warn(
    `\n${'!'.repeat(100)}\nTHE INDEPENDENT CHECK DID NOT RUN: ${why}. Install python3 (3.9 or newer).\n${'!'.repeat(100)}`,
  );

/** `describe` if Python is available; otherwise the suite is skipped, and the reason is printed above. */
export const describeWithPython = why ? describe.skip : describe;

/** Runs the check that was written only from the documentation. */
export function python(...args: string[]): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync('python3', [script, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout + stderr };
}

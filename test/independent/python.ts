import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';

export { foldedInPython, python } from './run-python.js';

const found = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { encoding: 'utf8' });
const why = found.error?.message ?? (found.status === 0 ? '' : `python3 is older than 3.9 or broken: ${found.stderr}`);
if (why)
  console.warn(
    `\n${'!'.repeat(100)}\nTHE INDEPENDENT CHECK DID NOT RUN: ${why}. Install python3 (3.9 or newer).\n${'!'.repeat(100)}`,
  );

/** `describe` if Python is available; otherwise the suite is skipped, and the reason is printed above. */
export const describeWithPython = why ? describe.skip : describe;

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { memoryFolder } from '../../memory-folder.js';
import type { Job, Line } from './main.js';

/** The compiled program: the simulator changes the product's compiled code. */
const program = join('dist', 'test', 'faults', 'simulator', 'main.js');

/** Runs simulations in a separate process, at the lowest priority. Rejects if the process fails or is killed. */
export async function simulateApart(job: Job, onLine: (line: Line) => void, signal: AbortSignal): Promise<void> {
  const child = spawn('nice', ['-n', '19', process.execPath, '--enable-source-maps', program, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: process.env.TMPDIR || memoryFolder() },
  });
  const stop = () => void child.kill();
  signal.addEventListener('abort', stop, { once: true });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  createInterface(child.stdout).on('line', line => onLine(JSON.parse(line) as Line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal.removeEventListener('abort', stop);
  if (code !== 0 && !signal.aborted) throw new Error(`The simulator ended with ${code}. ${errors.slice(-2_000)}`);
}

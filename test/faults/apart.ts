import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { memoryFolder } from '../memory-folder.js';
import type { Job as Simulation, Line as SimulationLine } from './simulator/main.js';
import type { Job as Walks, Line as WalkLine } from './walks/main.js';

/** Runs a compiled program that changes the product’s code in a separate process, at the lowest priority. */
async function apart<Line>(
  name: string,
  job: object,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  const program = join('dist', 'test', 'faults', name, 'main.js');
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
  if (code !== 0 && !signal.aborted) throw new Error(`The ${name} ended with ${code}. ${errors.slice(-2_000)}`);
}

/** Runs simulations in a separate process. Rejects if the process fails or is killed. */
export const simulateApart = (
  job: Simulation,
  onLine: (line: SimulationLine) => void,
  signal: AbortSignal,
): Promise<void> => apart('simulator', job, onLine, signal);

/** Walks in a separate process, on the Postgres of DATABASE_URL. Rejects if the process fails or is killed. */
export const walkApart = (job: Walks, onLine: (line: WalkLine) => void, signal: AbortSignal): Promise<void> =>
  apart('walks', job, onLine, signal);

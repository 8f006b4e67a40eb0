import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

/** An error that the user can fix; its message says how. */
export class Problem extends Error {}

const spinner = ['|', '/', '-', '\\'];
const seconds = since => Math.round((performance.now() - since) / 1000);

/**
 * Awaits `work`. After two seconds it shows a line that moves (terminal) or repeats every ten seconds (log), and finally the time
 * taken.
 */
export async function shown(label, work) {
  const began = performance.now();
  const tty = process.stderr.isTTY;
  let turn = 0;
  const tick = () => process.stderr.write(`\r${spinner[turn++ % spinner.length]} ${label} ... ${seconds(began)} s `);
  const line = () => process.stderr.write(`${label} ... ${seconds(began)} s\n`);
  const timers = [];
  const first = setTimeout(() => (tty ? timers.push(setInterval(tick, 200)) : line()), 2000);
  if (!tty) timers.push(setInterval(line, 10_000));
  try {
    const result = await work;
    if (seconds(began) >= 2)
      process.stderr.write(`${tty ? '\r' : ''}${label}: ${seconds(began)} s${tty ? '      ' : ''}\n`);
    return result;
  } catch (error) {
    if (tty && turn > 0) process.stderr.write('\n');
    throw error;
  } finally {
    clearTimeout(first);
    timers.forEach(clearInterval);
  }
}

/** Runs a command whose output matters only when it fails; the Problem then holds the end of it, below `hint`. */
export function quietly(label, command, args, { cwd, env, hint }) {
  // On Windows npm is a .cmd file, which only a shell can run.
  const shell = process.platform === 'win32' && command === 'npm';
  const work = new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => output.push(chunk));
    child.on('error', error => reject(new Problem(missing(command, error))));
    child.on('close', (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Problem(`${tail(text)}\n${label} failed (${signal ?? `exit code ${code}`}). ${hint}`));
    });
  });
  return shown(label, work);
}

const tail = text => text.trimEnd().split('\n').slice(-60).join('\n');

function missing(command, error) {
  if (error.code !== 'ENOENT') return `${command} cannot be run: ${error.message}`;
  return `${command} is not on the PATH. It comes with Node from nodejs.org; on Debian: apt-get install npm.`;
}

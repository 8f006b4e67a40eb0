import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { App } from '../harness/app.js';

const field = (pid: number, name: string) =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

/** The present resident memory of a process, in MiB. Linux only. */
export const residentMb = ({ process: { pid } }: App): number => field(pid!, 'VmRSS');

/** The peak resident memory of a process, in MiB. Linux only. */
export const peakMb = ({ process: { pid } }: App): number => field(pid!, 'VmHWM');

const tickMs = 10;

/** The CPU time of a process with all its threads, in milliseconds, in steps of 10. Linux only. */
export function cpuMs({ process: { pid } }: App): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // User and system time are fields 14 and 15. The name in parentheses before them may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Runs a program to its end. Resolves to its output; rejects if it fails. */
export async function output(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, complained] = ['', ''];
  child.stdout.on('data', chunk => (printed += chunk));
  child.stderr.on('data', chunk => (complained += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${complained.slice(-2_000)}`);
  return printed;
}

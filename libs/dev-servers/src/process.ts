import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, livingFrom, writeIdentity, type Identity } from './identity.js';
import { ProvisioningError } from './errors.js';

/** How to run a server. */
export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Receives the server's stdout and stderr; emptied first. */
  readonly outputFile: string;
  readonly pidFile: string;
  /** The signal that asks this server to stop in order. */
  readonly endSignal: NodeJS.Signals;
}

/** A running server. */
export interface Server {
  /** Undefined while it runs; otherwise a text that says how it ended. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;

/** Starts a server in a separate process group, so that the terminal's Ctrl-C reaches only us. */
export function startServer(spec: ServerSpec): Server {
  const output = openSync(spec.outputFile, 'w', 0o600);
  const child = spawn(spec.command, spec.args, {
    cwd: '/',
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...spec.env },
    ...spec.user,
  });
  closeSync(output);
  let ending: string | undefined;
  child.on('error', error => (ending = error.message));
  child.on('exit', (code, signal) => (ending = signal ?? `exit code ${code}`));
  child.unref();
  if (child.pid) writeIdentity(spec.pidFile, child.pid);

  // If we exit without stop(), at least ask it to stop; the next run stops a server that survives this.
  const lastWords = () => child.kill(spec.endSignal);
  process.once('exit', lastWords);
  return {
    ended: () => ending,
    stop: async () => {
      await endProcess(livingFrom(spec.pidFile), spec.endSignal);
      process.off('exit', lastWords);
      rmSync(spec.pidFile, { force: true });
    },
  };
}

/** Stops the server of an earlier run, if its pid file proves that it is that server. */
export async function endOrphan(pidFile: string, endSignal: NodeJS.Signals): Promise<void> {
  await endProcess(livingFrom(pidFile), endSignal);
  rmSync(pidFile, { force: true });
}

async function endProcess(it: Identity | undefined, endSignal: NodeJS.Signals): Promise<void> {
  if (!it) return;
  const signals: [NodeJS.Signals, number][] = [
    [endSignal, GRACE_MS],
    ['SIGKILL', GRACE_MS],
  ];
  for (const [signal, patience] of signals) {
    send(it.pid, signal);
    const until = performance.now() + patience;
    while (performance.now() < until) {
      if (identify(it.pid)?.started !== it.started) return;
      await sleep(30);
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Repeats `probe` until it succeeds; rejects, and stops the server, once the server has ended or `limitMs` is over. */
export async function untilReady<T>(
  spec: ServerSpec,
  server: Server,
  limitMs: number,
  probe: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    let why: unknown;
    try {
      return await probe();
    } catch (error) {
      why = error;
    }
    const ended = server.ended();
    if (ended === undefined && performance.now() < until) {
      await sleep(50);
      continue;
    }
    await server.stop();
    const cause =
      ended === undefined ? `no answer after ${limitMs / 1000} s (${(why as Error).message})` : `it ended (${ended})`;
    const said = readFileSync(spec.outputFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    throw new ProvisioningError('start-failed', `${spec.name}: ${cause}. ${spec.outputFile} ends:\n${said}`);
  }
}

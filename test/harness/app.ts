import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

/** A built program in a separate process: an app as in production, or another one that prints its address. */
export interface App {
  readonly url: string;
  readonly process: ChildProcess;
  /** Its output so far, of both streams. */
  readonly output: string[];
  signal(signal: NodeJS.Signals): Promise<void>;
}

export type AppName = 'editor-api' | 'projector' | 'reader-api' | 'fetcher';

const patience = 60_000;

/** The compiled main file of an app or of a command, in this checkout or in `home`, another one. */
export const mainOf = (name: string, home = '.') => join(home, `dist/apps/${name}/src/main.js`);

const { services } = parse(readFileSync('docker/compose.yaml', 'utf8')) as {
  readonly services: Readonly<Record<string, { readonly environment?: { readonly NODE_OPTIONS?: string } }>>;
};

const documents = new Map<string, string>();
/** What names the API document of the app at an address. All that this process started of one app and build have the same one. */
export const documentAt = (origin: string): string => documents.get(origin) ?? origin;

/** Starts the app on a free loopback port, with the Node options of its container, and waits until it prints its address. */
export async function startApp(
  name: AppName,
  env: Record<string, string>,
  patienceMs?: number,
  home?: string,
): Promise<App> {
  const options = [services[name]?.environment?.NODE_OPTIONS, process.env.APP_NODE_OPTIONS];
  const NODE_OPTIONS = options.filter(Boolean).join(' ');
  const app = await startProgram(name, mainOf(name, home), { NODE_OPTIONS, ...env }, patienceMs);
  documents.set(new URL(app.url).origin, mainOf(name, home));
  return app;
}

/** Starts a compiled program and waits until it prints its address, as the apps do. */
export async function startProgram(
  name: string,
  file: string,
  env: Record<string, string>,
  patienceMs = patience,
): Promise<App> {
  const child = spawn(process.execPath, [file], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'warn',
      NODE_OPTIONS: '',
      ...env,
    },
    // The channel closes when this process ends for any reason, and the app then ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  createInterface(child.stderr!).on('line', line => output.push(line));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface(child.stdout!).on('line', line => {
    output.push(line);
    const url = /^\{"listening":"(.*)"\}$/.exec(line)?.[1];
    if (url) resolve(url);
  });
  const failed = (why: string) => reject(new Error(`${name} ${why}:\n${output.slice(-30).join('\n')}`));
  const timer = setTimeout(() => failed('did not listen in time'), patienceMs);
  child.once('exit', code => failed(`ended with ${code}`));
  const url = await promise.finally(() => clearTimeout(timer));

  const signal = async (name: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(name);
    await gone;
  };
  return { url, process: child, output, signal };
}

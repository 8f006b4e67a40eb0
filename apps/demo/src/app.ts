import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** How to start an app. */
export interface AppSpec {
  readonly name: string;
  /** The compiled main module. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** 0 for a free port, which stays the same after a restart. */
  readonly port: number;
  readonly logFile: string;
}

const stopPatienceMs = 10_000;
const longestPauseMs = 10_000;
/** A process that ran this long was healthy, and is restarted at once. */
const wellAfterMs = 30_000;
/** How often it may end before it has ever listened. */
const vainStarts = 3;

/** One of the newsroom's processes. It is restarted whenever it exits, until it is stopped. */
export class App {
  /** The address at which it listens. Rejects if it cannot be started. */
  readonly url: Promise<string>;
  private readonly up = Promise.withResolvers<string>();
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private port: number;
  private listened = false;

  constructor(
    private readonly spec: AppSpec,
    private readonly say: (line: string) => void,
  ) {
    this.port = spec.port;
    this.url = this.up.promise;
    // A caller that awaits the promise gets the rejection; until then it must not count as unhandled.
    this.url.catch(() => {});
    closeSync(openSync(spec.logFile, 'w', 0o600));
    this.ended = this.keepUp();
  }

  /** Asks the process to end, kills it after ten seconds, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.child?.kill('SIGTERM');
    const force = setTimeout(() => this.kill(), stopPatienceMs);
    await this.ended.finally(() => clearTimeout(force));
  }

  /** Kills the process at once. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private async keepUp(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      const began = performance.now();
      const how = await this.run();
      if (this.stopping.signal.aborted) break;
      failures = performance.now() - began > wellAfterMs ? 0 : failures + 1;
      const pause = failures === 0 ? 0 : Math.min(longestPauseMs, 250 * 2 ** failures);
      const ended = `${this.spec.name} ended unexpectedly (${how})`;
      const account = `${ended}. ${this.lastWords()}`;
      if (!this.listened && failures === vainStarts) return this.up.reject(new Error(account));
      this.say(
        `${this.listened ? account : ended}\n${this.spec.name} restarts ${pause === 0 ? 'immediately' : `in ${pause / 1000} s`}`,
      );
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
    this.up.reject(new Error(`${this.spec.name} was stopped before it listened.`));
  }

  /** One run of the process; resolves to the reason of its end. */
  private run(): Promise<string> {
    const { program, env, logFile } = this.spec;
    const log = openSync(logFile, 'a');
    // A separate process group, so that a terminal's Ctrl-C reaches only this process. The channel tells the child when this
    // process has ended.
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: { ...env, HOST: '127.0.0.1', PORT: String(this.port) },
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    createInterface({ input: child.stdout! }).on('line', line => this.heard(line));
    return new Promise(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  }

  private heard(line: string): void {
    const [, what, url] = /^\{"(listening|metrics)":"([^"]+)"\}$/.exec(line) ?? [];
    if (!url) return;
    if (what === 'metrics') return this.say(`${this.spec.name} gives metrics at ${url}`);
    if (this.listened) this.say(`${this.spec.name} is up again`);
    this.listened = true;
    this.port = Number(new URL(url).port);
    this.up.resolve(url);
  }

  private lastWords(): string {
    const log = readFileSync(this.spec.logFile, 'utf8').trimEnd();
    if (!log) return `It wrote nothing to ${this.spec.logFile}.`;
    const lines = log.split('\n').slice(-12);
    return [`${this.spec.logFile} ends:`, ...lines.map(line => `    ${line.slice(0, 600)}`)].join('\n');
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface AppSpec {
  readonly name: string;
  /** The compiled main module. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** 0 for a free one; it keeps it when it is started again. */
  readonly port: number;
  readonly logFile: string;
}

const stopPatienceMs = 10_000;
const longestPauseMs = 10_000;
/** Who ran this long was well, and is started again at once. */
const wellAfterMs = 30_000;
/** So often may it end before it has ever listened. */
const vainStarts = 3;

/** One of the newsroom's processes: started, and started again when it ends by itself, until it is stopped. */
export class App {
  /** Where it listens. Fails when it cannot be brought up. */
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
    // Whoever awaits it hears of it; until then it is nobody's unhandled rejection.
    this.url.catch(() => {});
    closeSync(openSync(spec.logFile, 'w', 0o600));
    this.ended = this.keepUp();
  }

  /** Asks it to end, forces it after ten seconds, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.child?.kill('SIGTERM');
    const force = setTimeout(() => this.kill(), stopPatienceMs);
    await this.ended.finally(() => clearTimeout(force));
  }

  /** At once, without asking. */
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

  /** One life of the process; resolves to how it ended. */
  private run(): Promise<string> {
    const { program, env, logFile } = this.spec;
    const log = openSync(logFile, 'a');
    // A group of its own, so that a terminal's Ctrl-C reaches us alone; the channel tells it when we are gone.
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

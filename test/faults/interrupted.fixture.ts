import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { livingFrom } from '../../libs/dev-servers/src/identity.js';

const patience = 180_000;
/** The environment variable that marks every process of a run. */
export const runVariable = 'DATELINE_TEST_RUN';

/**
 * A run of `npm test`, identified by a mark in the environment of all its processes. Only Linux shows other processes'
 * environments.
 */
export class TestRun {
  private readonly mark = `${runVariable}=${randomUUID()}`;
  /** The folder for this run's temporary servers. */
  readonly temp = mkdtempSync(join(tmpdir(), 'dateline-interrupted-'));
  private output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;

  /** `terminal`: runs on a separate terminal, whose Ctrl-C reaches every process of the run. */
  constructor(
    provision: 'native' | 'docker',
    words: readonly string[],
    private readonly terminal = false,
  ) {
    // Without a build the run would install and build first, in the checkout that other tests use.
    if (!existsSync('dist/.dateline-built'))
      throw new Error('Run this test with `npm test`, which builds the programs first.');
    const args = ['libs/dev-servers/bin/run.mjs', 'test', '--no-lint', ...words];
    const { KAFKA_BROKERS: _brokers, DATABASE_URL: _url, NODE_OPTIONS: _options, ...inherited } = process.env;
    const env = { ...inherited, [runVariable]: this.mark.split('=')[1], PROVISION: provision, TMPDIR: this.temp };
    const command = [process.execPath, ...args];
    this.child = terminal
      ? spawn('script', ['--quiet', '--return', '--flush', '--command', command.join(' '), '/dev/null'], { env })
      : spawn(command[0]!, command.slice(1), { env });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.on('data', data => (this.output += data));
    this.ended = new Promise(resolve => this.child.once('close', resolve));
  }

  /** Waits until a process of the run has this in its command line. */
  async running(what: RegExp): Promise<void> {
    await this.until(() => this.processes().some(command => what.test(command)), `${what} runs`);
  }

  async says(what: string): Promise<void> {
    await this.until(() => this.output.includes(what), `it says ${what}`);
  }

  /** Interrupts the run once; resolves to its exit code. */
  async interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.terminal) this.child.stdin!.write('\x03');
    else this.child.kill(signal);
    return this.ended;
  }

  /** Command lines of the run's processes that still run. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(pid => {
        const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
        try {
          return read('environ').includes(this.mark) ? [read('cmdline').join(' ').trim()] : [];
        } catch {
          return [];
        }
      })
      .filter(command => command !== '');
  }

  /** The data folders of servers that the run has not stopped. */
  folders(): string[] {
    return readdirSync(this.temp).filter(name => name.startsWith('dateline-throwaway-'));
  }

  /** Servers of the run, including PostgreSQL, which clears its environment. */
  servers(): string[] {
    return this.folders().flatMap(folder =>
      readdirSync(join(this.temp, folder)).filter(
        name => name.endsWith('.pid') && livingFrom(join(this.temp, folder, name)),
      ),
    );
  }

  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
    rmSync(this.temp, { recursive: true, force: true });
  }

  private async until(holds: () => boolean, what: string): Promise<void> {
    for (const end = Date.now() + patience; !holds(); await sleep(50)) {
      if (Date.now() < end && this.child.exitCode === null) continue;
      throw new Error(`Timed out; expected: ${what}.\n${this.output}`);
    }
  }
}

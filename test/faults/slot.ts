import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type App, type AppName } from '../harness/app.js';
import type { FaultyLine } from './faulty-line.js';

/** A process that is asked to end must have ended within this time. */
const endWithinMs = 60_000;

/** One process of the newsroom, which can be killed and started again. */
export class Slot {
  app: App | undefined;
  /** The output of each process that it ran. */
  readonly outputs: (readonly string[])[] = [];
  private readonly ended: { readonly app: App; readonly how: string }[] = [];
  /** The process that is ended on purpose. */
  private doomed: App | undefined;

  constructor(
    readonly name: AppName,
    private readonly env: Record<string, string>,
    /** Between the clients and the process. */
    private readonly front: FaultyLine | undefined = undefined,
    /** The checkout whose build it runs. Default: this one. */
    private home: string | undefined = undefined,
  ) {}

  /** Where clients reach it; undefined while it is down. */
  get url(): string | undefined {
    return this.app && (this.front ? `http://${this.front.address}` : this.app.url);
  }

  get runs(): boolean {
    const { exitCode, signalCode } = this.app?.process ?? { exitCode: 1, signalCode: null };
    return exitCode === null && signalCode === null;
  }

  async start(): Promise<void> {
    const app = await startApp(this.name, this.env, 120_000, this.home);
    app.process.once('exit', (code, signal) => {
      if (app !== this.doomed) this.ended.push({ app, how: `${signal ?? code}` });
    });
    this.app = app;
    this.outputs.push(app.output);
    this.front?.lead(new URL(app.url).host);
  }

  /** Its processes that ended since the last call and that nothing here ended, with the last lines of each. */
  takeEnded(): string[] {
    return this.ended
      .splice(0)
      .map(({ app, how }) => `${this.name} ended with ${how}: ${app.output.slice(-40).join(' ').slice(-3_000)}`);
  }

  async kill(): Promise<void> {
    this.doomed = this.app;
    await this.app?.signal('SIGKILL');
    this.app = undefined;
  }

  private async end(app: App): Promise<void> {
    const late = setTimeout(() => {
      this.ended.push({ app, how: `no end ${endWithinMs} ms after SIGTERM` });
      app.process.kill('SIGKILL');
    }, endWithinMs);
    await app.signal('SIGTERM');
    clearTimeout(late);
  }

  /** Ends the process as an operator does, and starts the build of another checkout in its place. */
  async replace(home: string): Promise<void> {
    const { app } = this;
    this.doomed = app;
    this.app = undefined;
    if (app) await this.end(app);
    this.home = home;
    await this.start();
  }

  /** Stops it for a while: to the others it looks as if the network were cut. */
  async pause(ms: number): Promise<void> {
    this.app?.process.kill('SIGSTOP');
    await sleep(ms);
    this.app?.process.kill('SIGCONT');
  }
}

/** Starts each process that ended, as what supervises it would, until `signal`. Counts how often. */
export async function supervise(slots: readonly Slot[], signal: AbortSignal): Promise<number> {
  let starts = 0;
  while (!signal.aborted) {
    for (const slot of slots) {
      if (slot.runs || signal.aborted) continue;
      // It may end again at once while the fault lasts.
      await slot.start().then(
        () => starts++,
        () => undefined,
      );
    }
    await sleep(300);
  }
  return starts;
}

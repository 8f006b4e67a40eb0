import type { LogReader, LogRecord } from '#event-log';
import { openPool, type Pool } from '#postgres';
import { buildName, projections, type Projection } from '#projections';
import { Status } from '../../../apps/projector/src/loop/status.js';
import { supervise } from '../../../apps/projector/src/loop/supervise.js';
import type { Rebuilt } from '../../../apps/audit/src/rebuild/rebuild.js';
import type { Findings } from '../../../apps/audit/src/verify/verify.js';
import { MemoryLog } from '../../../libs/event-log/src/memory/log.js';
import { Checks } from './checks.js';
import type { WalkDatabase } from './database.js';
import { secretOf, type History } from './history.js';
import { WalkKeys } from './keys.js';
import { commands, isLost, isRefusal, wholeRebuild, type CommandName } from './operator.js';
import { historyOf, projectors, type Edition, type Place, type Plan, type Step } from './plan.js';
import { beginClock, Process, type Clock } from './processes.js';

const made: Readonly<Record<Edition, readonly Projection[]>> = {
  old: projections.map(projection => ({ ...projection, version: projection.version + 1 })),
  new: projections,
};
const nameOf = { old: buildName(made.old), new: buildName(made.new) };

interface Running {
  readonly process: Process;
  readonly edition: Edition;
  readonly stop: AbortController;
  /** The command; undefined for a projector. */
  readonly name: CommandName | undefined;
  readonly status: Status;
  /** Its connections were cut. */
  wasCut: boolean;
  /** It led while readers were on a build of its version, or had left it. */
  knows: boolean;
  outcome?: { readonly found: unknown } | { readonly error: Error };
}

type Asked = Pick<Extract<Step, { do: 'command' }>, 'name' | 'by' | 'pick' | 'also'>;

/** More statements than anything takes that ends. */
const enough = 5_000;
const mostRounds = 300;
/** Longer than readers wait for a way back to a build that somebody folds, in milliseconds. */
const settledMs = 30_000;

/** What projectors may say while others work beside them. */
const sayings = [
  /^retrying: Another projector moved the checkpoint/,
  /^the lock was lost: standing by$/,
  /^readers are back on /,
  /^dropped builds that still held taken-down developments: /,
  /^Readers stay on /,
];

/** Plays the steps of a plan with the product’s projectors and commands, on a real database. */
export class Walk {
  readonly wrong: string[] = [];
  /** What happened, for the person who reads a walk that failed. */
  readonly told: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly #history: History;
  readonly #log = new MemoryLog();
  readonly #visible = new MemoryLog();
  readonly #keys = new WalkKeys();
  readonly #clock: Clock = beginClock();
  readonly #running = new Map<Place, Running>();
  readonly #checks: Checks;
  /** The versions to which an operator returns, or has just returned. */
  #returning = new Set<string>();

  constructor(
    private readonly plan: Plan,
    private readonly database: WalkDatabase,
  ) {
    this.#history = historyOf(plan);
    this.#checks = new Checks(database, plan, this.#history, nameOf.old);
  }

  /** Resolves to what was wrong; nothing should be. */
  async play(): Promise<readonly string[]> {
    try {
      for (const step of this.plan.steps) {
        if (this.#failed) break;
        this.told.push(JSON.stringify(step));
        this.#count(step.do);
        await this.#take(step);
        await this.#look();
      }
      if (!this.#failed) await this.#settle();
    } catch (error) {
      this.wrong.push((error as Error).stack ?? String(error));
    } finally {
      for (const { process } of this.#running.values()) await process.kill();
    }
    return [...this.wrong, ...this.#checks.wrong];
  }

  get #failed(): boolean {
    return this.wrong.length + this.#checks.wrong.length > 0;
  }

  async #take(step: Step): Promise<void> {
    if ('of' in step) return this.#doTo(step);
    if (step.do === 'append') this.#append(step.count);
    else if (step.do === 'wait') this.#clock.advance(step.ms);
    else if (step.do === 'calm') await this.#calm();
    else await this.#command(step);
  }

  async #doTo(step: Extract<Step, { of: Place }>): Promise<void> {
    if (step.do === 'start') return this.#start(step.of);
    const running = this.#running.get(step.of);
    if (!running) return;
    if (step.do === 'run') this.told.push(`  ${await running.process.run(step.statements)}`);
    else if (step.do === 'stop') running.stop.abort();
    else if (step.do === 'crash') await this.#end(step.of);
    else if (step.do === 'cut') {
      running.wasCut = true;
      await running.process.cut(step.what === 'lock' ? 'lock ' : '');
    }
  }

  #append(count: number): void {
    for (const { record, keys, what, position } of this.#history.entries.slice(
      this.#log.next,
      this.#log.next + count,
    )) {
      // Editors make a key before they send what it seals.
      for (const id of keys) void this.#keys.keyFor(id, secretOf(id));
      this.#log.arrive(record);
      this.told.push(`  ${position ?? 'void'}: ${what}`);
    }
  }

  #start(of: keyof typeof projectors): void {
    if (this.#running.has(of)) return;
    const edition = projectors[of];
    const visibilityLog = { appender: this.#visible.appender(), reader: this.#visible.reader() };
    const log = { info: () => undefined, warn: (said: string) => this.#warned(of, said) };
    const { batchSize } = this.plan;
    const it = { keys: this.#keys, reader: this.#reader(edition), visibilityLog, batchSize, log };
    this.#begin(of, edition, undefined, (pool, signal, status) =>
      supervise({ ...it, pool, status, projections: made[edition], databaseUrl: this.database.url }, signal),
    );
  }

  #warned(of: Place, said: string): void {
    this.told.push(`  ${of}: ${said}`);
    const isOfCut = this.#running.get(of)?.wasCut && isLost(new Error(said));
    if (!isOfCut && !sayings.some(pattern => pattern.test(said))) this.wrong.push(`${of} said: ${said}`);
  }

  async #command({ name, by, pick, also }: Asked): Promise<void> {
    if (this.#running.has('command')) return;
    const builds = await this.database.builds();
    const build = builds[pick % Math.max(1, builds.length)]?.name ?? 'none';
    if (name === 'return') this.#returning.add(nameOf[by]);
    this.#begin('command', by, name, (pool, signal) => {
      const stores = { pool, keys: this.#keys, databaseUrl: this.database.url, reader: this.#reader(by) };
      const it = { ...stores, projections: made[by], onProgress: () => undefined };
      return commands[name](it, { pick, also, build, signal });
    });
  }

  #begin(
    of: Place,
    edition: Edition,
    name: CommandName | undefined,
    work: (pool: Pool, signal: AbortSignal, status: Status) => Promise<unknown>,
  ): void {
    const process = new Process(this.database);
    const [stop, status] = [new AbortController(), new Status()];
    const running: Running = { process, edition, stop, name, status, wasCut: false, knows: false };
    this.#running.set(of, running);
    process.begin(() => {
      const pool = openPool(this.database.url, { application: of, max: 4 });
      work(pool, stop.signal, status).then(
        found => (running.outcome = { found }),
        (error: Error) => (running.outcome = { error }),
      );
    });
  }

  /** What this version reads of the log. */
  #reader(edition: Edition): LogReader {
    const reader = this.#log.reader();
    const readAs = (record: LogRecord) =>
      edition === 'old' && record.offset === this.plan.unread ? { ...record, value: Buffer.from('{}') } : record;
    return { ...reader, read: (from, onBatch, signal) => reader.read(from, all => onBatch(all.map(readAs)), signal) };
  }

  async #end(of: Place): Promise<void> {
    await this.#running.get(of)?.process.kill();
    this.#running.delete(of);
  }

  /** Checks what readers have, and takes leave of processes that ended. */
  async #look(): Promise<void> {
    const all = [...this.#running];
    const knowing = new Set(all.flatMap(([, { knows, edition }]) => (knows ? [nameOf[edition]] : [])));
    await this.#checks.look({ now: this.#clock.now, returning: this.#returning, knowing });
    for (const [of, running] of all) {
      const { live, promoted_at: promoted = null } = running.status.progress?.checkpoint ?? {};
      running.knows ||= live === true || promoted !== null;
      if (!running.outcome) continue;
      this.#ended(of, running, 'error' in running.outcome ? running.outcome.error : undefined);
      await this.#end(of);
    }
    if (!this.#running.has('command')) this.#returning = new Set();
  }

  #ended(of: Place, { name, stop, wasCut }: Running, error: Error | undefined): void {
    const what = name ?? of;
    const isStopped = stop.signal.aborted;
    this.told.push(`  ${what} ended${error ? `: ${error.message}` : ''}`);
    if (name) this.#count(`${name} ${error ? 'refused' : 'done'}`);
    if (!name && !isStopped) this.wrong.push(`${what} ended, and nobody stopped it`);
    if (error && !(name && (isStopped || isRefusal(error, wasCut)))) this.wrong.push(`${what} ended: ${error.stack}`);
  }

  /** Every process goes on until it waits for the log or the clock. */
  async #calm(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const ends = [];
      for (const { process } of this.#running.values()) ends.push(await process.run(enough));
      if (ends.every(end => end === 'idle')) return;
    }
    throw new Error('The processes never come to rest.');
  }

  /** Lets every process work for so long. */
  async #work(ms: number): Promise<void> {
    for (const until = this.#clock.now + ms; this.#clock.now < until && !this.#failed; this.#clock.advance(1_000)) {
      await this.#calm();
      await this.#look();
    }
  }

  async #completed(asked: Asked): Promise<unknown> {
    this.told.push(JSON.stringify(asked));
    await this.#command(asked);
    const running = this.#running.get('command')!;
    for (let round = 0; round < mostRounds && !running.outcome; round++, this.#clock.advance(200)) await this.#calm();
    await this.#look();
    const { outcome } = running;
    if (!outcome) throw new Error(`${asked.name} does not end.`);
    if ('error' in outcome) throw outcome.error;
    return outcome.found;
  }

  /** Ends all faults, and one version goes on alone. */
  async #settle(): Promise<void> {
    this.told.push('In the end:');
    const { last } = this.plan;
    this.#append(this.#history.entries.length);
    for (const { edition, stop, name } of this.#running.values()) if (name || edition !== last) stop.abort();
    this.#start(last === 'old' ? 'old 1' : 'new 1');
    await this.#work(settledMs);
    if (!this.#failed) await this.#prove(last);
  }

  /** Readers have what a fold of the whole log gives, and nothing else is left. */
  async #prove(last: Edition): Promise<void> {
    const { live } = this.#checks;
    if (live?.made !== nameOf[last]) this.wrong.push(`readers are on ${live?.name}, not on a build of ${nameOf[last]}`);
    const alone = { by: last, pick: 0, also: false };
    await this.#completed({ ...alone, name: 'abort' });
    const { swapped, compared } = (await this.#completed({ ...alone, name: 'rebuild', ...wholeRebuild })) as Rebuilt;
    if (!swapped) this.wrong.push(`a rebuild differs: ${JSON.stringify(compared)}`);
    await this.#work(settledMs / 2);
    const findings = (await this.#completed({ ...alone, name: 'verify' })) as Findings;
    const faults = [findings.compared?.first, findings.cut, findings.spared, findings.incomparable];
    if (!findings.compared || faults.some(fault => fault !== undefined))
      this.wrong.push(`verify: ${JSON.stringify({ compared: findings.compared, faults })}`);
    await this.#checks.atTheEnd();
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

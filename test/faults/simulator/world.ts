import { storyStream } from '#domain';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../../apps/editor-api/src/commands/submission.js';
import { ownKey } from '../../../apps/editor-api/src/commands/write-model.js';
import { Broker } from './broker.js';
import { awaitedBy, violationsOf } from './checks.js';
import { Database } from './database.js';
import { Desk, SimulatedKeys } from './desk.js';
import type { Plan, Wish } from './plan.js';
import { Election, Projector } from './projector.js';
import { Random } from './random.js';
import { begin, current, type Owner, type Scheduler } from './scheduler.js';

/** One answer that a client got, and what the log held when it asked and when it was answered. */
export interface Asked {
  readonly wish: Wish;
  readonly expected: readonly string[] | undefined;
  /** `none`: the process crashed. `not-ready`: it had not read the log yet, and nothing was asked. `thrown`: an error came. */
  readonly answer:
    Outcome | { readonly outcome: 'none' | 'not-ready' } | { readonly outcome: 'thrown'; readonly error: Error };
  readonly records: { readonly before: number; readonly after: number };
  /** The process that was asked, and from when to when. */
  readonly by: Owner;
  readonly from: number;
  readonly to: number;
  /** Of an answer `pending`: whether the desk knows of the command, so that its status can be asked for. */
  readonly isKnown: boolean;
  readonly isHealed: boolean;
}

const triesAmongFaults = 5;
const triesAfterwards = 8;
/** Everything must be over in this virtual time. */
const limitMs = 600_000;
/** A command that was answered `pending` wins or loses within this time, although nobody sends it again. */
const settledWithinMs = 60_000;
/** What readers see is back within this time after the last fault. */
const backWithinMs = 30_000;

/** One simulated newsroom: desks, projectors and clients, and all that goes wrong between them. */
export class World {
  readonly scheduler: Scheduler;
  readonly broker: Broker;
  readonly database: Database;
  readonly keys: SimulatedKeys;
  readonly desks: Desk[] = [];
  readonly projectors: Projector[] = [];
  readonly asked: Asked[] = [];
  readonly wrong: string[] = [];
  isHealed = false;
  #folder: string | undefined;
  #lives = 0;
  readonly #election = new Election();

  constructor(readonly plan: Plan) {
    const random = new Random(plan.seed ^ 0x5bd1e995);
    const { faults } = plan;
    this.scheduler = begin(random.fork());
    this.broker = new Broker(random.fork(), faults);
    this.database = new Database(random.fork(), faults.database, 'build_simulated');
    this.keys = new SimulatedKeys(random.fork(), faults.keys);
    this.database.onCommit = () => this.#checkCommit();
    if (plan.onDisk) this.#folder = mkdtempSync(join(tmpdir(), 'dateline-simulated-'));
  }

  /** Runs it all. Resolves to what was wrong; nothing should be. */
  async run(): Promise<string[]> {
    try {
      await this.scheduler.runUntil(this.#play(), limitMs);
    } catch (error) {
      this.wrong.push((error as Error).message);
    } finally {
      for (const desk of this.desks) if (desk.owner.isAlive) desk.crash(undefined);
      if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    }
    return this.wrong;
  }

  async #play(): Promise<void> {
    const { plan, scheduler } = this;
    for (let number = 0; number < plan.desks; number++) this.#startDesk(number, this.#folderOf());
    for (let number = 0; number < plan.projectors; number++) this.#startProjector(number);
    await this.#opened();
    const crashes = plan.crashes.toSorted((one, other) => one.step - other.step);
    scheduler.onStep = () => {
      while (crashes[0] && crashes[0].step <= scheduler.steps) this.#crash(crashes.shift()!);
    };
    for (const { at, kind } of plan.forgeries) scheduler.after(at, () => this.broker.forge(kind));
    await Promise.all(plan.wishes.map(wish => this.#client(wish)));
    await this.#heal(crashes.length);
    this.wrong.push(...violationsOf(this));
    if (plan.onDisk && this.wrong.length === 0) await this.#restartInOrder();
  }

  #folderOf = () => this.#folder && join(this.#folder, String(this.#lives++));

  #startDesk(number: number, folder: string | undefined): void {
    const { plan, broker, keys } = this;
    const skewMs = plan.skews[number]!;
    this.desks[number] = new Desk({ name: `desk ${number}`, broker, keys, settleMs: plan.settleMs, skewMs, folder });
  }

  #startProjector(number: number): void {
    const { plan, broker, keys, database } = this;
    const skewMs = plan.skews[plan.desks + number]!;
    const elected = () => (plan.allLead ? Promise.resolve(() => undefined) : this.#election.elect());
    const name = `projector ${number}`;
    const projector = new Projector({ name, broker, keys, database, batchSize: plan.batchSize, skewMs, elected });
    this.projectors[number] = projector;
  }

  #crash({ of, number, downMs }: Plan['crashes'][number]): void {
    const { scheduler } = this;
    if (of === 'desk') {
      const desk = this.desks[number]!;
      if (!desk.owner.isAlive) return;
      const folder = desk.crash(this.#folderOf());
      scheduler.after(downMs, () => this.#startDesk(number, folder));
    } else {
      const projector = this.projectors[number]!;
      if (!projector.owner.isAlive) return;
      projector.crash();
      // The server notices only later that the connection has ended.
      scheduler.after(downMs / 2, () => {
        this.database.hangUp(projector.owner);
        this.#election.leave(projector.owner);
      });
      scheduler.after(downMs, () => this.#startProjector(number));
    }
  }

  /** Sends a command until its answer is final, or patience ends. */
  async #client(wish: Wish): Promise<void> {
    await current().sleep(wish.at);
    for (let tries = 0; tries < triesAmongFaults; tries++) {
      if (await this.#ask(wish, tries === 0 ? wish.desk : this.scheduler.random.below(this.plan.desks))) return;
      await current().sleep(this.scheduler.random.between(5, 200));
    }
  }

  /** Resolves to whether the answer is final. */
  async #ask(wish: Wish, number: number): Promise<boolean> {
    const { scheduler, broker, isHealed } = this;
    const desk = this.desks[number]!;
    const before = broker.records.length;
    const began = scheduler.now;
    if (desk.isReadyTooEarly) this.wrong.push(`${desk.owner.name} takes commands before it has read the log`);
    const head = wish.careful && desk.isReady ? desk.headOf(storyStream(wish.story)) : undefined;
    const expected = head === undefined ? undefined : [head];
    const answer = desk.isReady
      ? await Promise.race([
          desk.perform(wish, expected).catch((error: Error) => ({ outcome: 'thrown' as const, error })),
          desk.crashed.then(() => ({ outcome: 'none' as const })),
        ])
      : ({ outcome: 'not-ready' } as const);
    this.asked.push({
      wish,
      expected,
      answer,
      records: { before, after: broker.records.length },
      by: desk.owner,
      from: began,
      to: scheduler.now,
      isKnown: this.#isKnown(desk, wish),
      isHealed,
    });
    return !['none', 'not-ready', 'pending', 'unavailable', 'thrown'].includes(answer.outcome);
  }

  /** A desk that has crashed has closed its file. */
  #isKnown = ({ owner, processor }: Desk, { by, key }: Wish): boolean =>
    owner.isAlive && (processor.isPending(by, key) || processor.view().commands.has(ownKey(by, key)));

  /** Ends all faults, then asks again for what has no final answer, and waits until everything has been read and projected. */
  async #heal(crashesLeft: number): Promise<void> {
    const { scheduler, broker, database, keys } = this;
    if (crashesLeft > 0) scheduler.onStep = () => undefined;
    broker.faults = { sends: 0, stalls: 0, bounds: 0, rivals: 0 };
    [database.faults, keys.faults] = [0, 0];
    this.isHealed = true;
    await current().sleep(2_500);
    await this.#opened();
    await this.#settled();
    await Promise.all(this.#unanswered().map(wish => this.#insist(wish)));
    while (broker.inFlight > 0) await current().sleep(50);
    const isProjected = () => database.build.next_offset === broker.records.length;
    const until = scheduler.now + backWithinMs;
    while (!isProjected() && scheduler.now < until) await current().sleep(50);
    if (!isProjected())
      this.wrong.push(`the projection has ${database.build.next_offset} of ${broker.records.length} records`);
    for (const desk of this.desks)
      if (!(await desk.processor.caughtUp(backWithinMs)))
        this.wrong.push(`${desk.owner.name} never read the whole log`);
  }

  /** Waits until each command that is pending has won or lost, and no process waits for anything. */
  async #settled(): Promise<void> {
    const { scheduler, asked, desks } = this;
    // A process that has crashed knows nothing of what it sent.
    const pending = () =>
      asked.filter(
        ({ answer, by, wish }) =>
          answer.outcome === 'pending' &&
          desks.some(({ owner, processor }) => owner === by && processor.isPending(wish.by, wish.key)),
      );
    const busy = () => desks.filter(desk => awaitedBy(desk) !== '');
    const until = scheduler.now + settledWithinMs;
    while (pending().length + busy().length > 0 && scheduler.now < until) await current().sleep(50);
    for (const { wish } of pending()) this.wrong.push(`${wish.act} ${wish.key} stays pending`);
    for (const desk of busy()) this.wrong.push(`${desk.owner.name} still waits: ${awaitedBy(desk)}`);
  }

  /** Asks until there is a final answer. A stream that nobody can read gives none. */
  async #insist(wish: Wish): Promise<void> {
    for (let tries = 0; tries < triesAfterwards; tries++) {
      const isFinal = await this.#ask(wish, this.scheduler.random.below(this.plan.desks));
      if (isFinal || this.#isQuarantined(wish)) return;
      await current().sleep(100);
    }
    this.wrong.push(`${wish.act} ${wish.key} never got a final answer`);
  }

  /** Resolves when every desk takes commands. */
  async #opened(): Promise<void> {
    while (!this.desks.every(desk => desk.isReady)) {
      const halted = this.desks.find(desk => desk.halted !== undefined)?.halted as Error | undefined;
      if (halted) throw new Error(`a desk stopped reading: ${halted.message}`);
      await current().sleep(this.isHealed ? 50 : 1);
    }
  }

  #isQuarantined = ({ story }: Wish) =>
    this.desks.some(desk => desk.processor.view().unreadable.has(storyStream(story)));

  #unanswered(): Wish[] {
    const isFinal = ({ answer }: Asked) =>
      !['none', 'not-ready', 'pending', 'unavailable', 'thrown'].includes(answer.outcome);
    const answered = new Set(this.asked.filter(isFinal).map(({ wish }) => wish));
    return this.plan.wishes.filter(wish => !answered.has(wish));
  }

  /** Each transaction leaves whole commits, and the checkpoint where they end. */
  #checkCommit(): void {
    const { tables, build, news } = this.database;
    const seen = new Set(
      [...(tables.get('commit') ?? []), ...(tables.get('quarantined') ?? [])].map(row => row.position),
    );
    if (seen.size !== build.position) this.wrong.push(`${seen.size} commits are visible at position ${build.position}`);
    if (news.some((position, at) => at > 0 && position < news[at - 1]!))
      this.wrong.push('readers were told an earlier position');
  }

  /** Stops each desk in order and starts another on its file: it must go on where the first one ended. */
  async #restartInOrder(): Promise<void> {
    for (const [number, desk] of this.desks.entries()) {
      await desk.close();
      this.#startDesk(number, desk.options.folder);
      while (!this.desks[number]!.isReady) await current().sleep(10);
    }
    this.wrong.push(...violationsOf(this).map(wrong => `after a restart: ${wrong}`));
  }
}

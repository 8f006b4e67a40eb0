import { decisions, liftHash, noStory, storyStream, system } from '#domain';
import type { Logger } from 'pino';
import type { CommandProcessor } from './processor.js';
import type { Lift, WriteModel } from './write-model.js';
import type { Submission } from './submission.js';

/** Finds the embargoes whose time has come. `now`: milliseconds since 1970. Pure. */
export function due({ lifts }: WriteModel, now: number): Lift[] {
  return [...lifts.entries.values()].filter(({ until }) => Date.parse(until) <= now);
}

/** The prefix of the idempotency keys that the system uses. An editor's key never starts with it. */
export const ownKeys = 'dateline/';

/**
 * Builds the command that lifts an embargo. Every process builds the same one, also after a restart: the log keeps the first and answers
 * the others with it.
 */
export function lifting({ story, development, until }: Lift): Submission {
  const [does, body] = ['lift-when-due', { development, until }];
  return {
    stream: storyStream(story),
    command: `${ownKeys}lift/${story}/${development}/${until}`,
    commandHash: liftHash(story, body),
    does,
    by: system,
    decide: ({ stories }) => decisions.liftEmbargo(body)(stories.get(story, noStory)),
  };
}

const tickMs = 200;
const againMs = 1_000;
const lateMs = 10_000;

/**
 * Lifts embargoes when their time has come. Several processes may do so at the same time. A process that is late, or whose clock is ahead
 * by no more than `toleranceMs`, does no harm.
 */
export class EmbargoScheduler {
  /** Until when a lift is not tried, by `performance.now()`. */
  private readonly resting = new Map<string, number>();
  private readonly warned = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly processor: Pick<CommandProcessor, 'ready' | 'view' | 'submit'>,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    /** How far this machine's clock may be ahead, in milliseconds. An embargo is lifted this much after its time. */
    private readonly toleranceMs: number,
    private readonly clock: () => number = Date.now,
    /** Signs with the key of this process, if the newsroom certifies keys. */
    private readonly sign: (lift: Submission) => Promise<Submission> = async lift => lift,
  ) {}

  start(): this {
    this.timer = setInterval(() => void this.tick(), tickMs);
    return this;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The embargoes that are still in force although they should have been lifted ten seconds ago. */
  late(): Lift[] {
    return due(this.processor.view(), this.clock() - this.toleranceMs - lateMs);
  }

  /** Lifts all embargoes that are due. Resolves after each was tried once. */
  async tick(): Promise<void> {
    if (!this.processor.ready) return;
    for (const lift of this.late()) this.warnLate(lift);
    const now = this.clock() - this.toleranceMs;
    const lifts = due(this.processor.view(), now).map(lift => ({ lift, submission: lifting(lift) }));
    const keys = new Set(lifts.map(({ submission }) => submission.command));
    for (const key of this.resting.keys()) if (!keys.has(key)) this.resting.delete(key);
    const rested = performance.now();
    const ready = lifts.filter(({ submission }) => (this.resting.get(submission.command) ?? 0) <= rested);
    await Promise.all(ready.map(({ lift, submission }) => this.lift(lift, submission)));
  }

  private async lift(lift: Lift, submission: Submission): Promise<void> {
    this.resting.set(submission.command, Infinity);
    try {
      const outcome = await this.processor.submit(await this.sign(submission));
      if (outcome.outcome === 'won') this.log.info({ ...lift, position: outcome.commit.position }, 'embargo lifted');
      else if (outcome.outcome !== 'already-so') this.log.warn({ ...lift, ...outcome }, 'embargo not lifted yet');
    } catch (error) {
      this.log.warn({ ...lift, error }, 'embargo not lifted yet');
    }
    this.resting.set(submission.command, performance.now() + againMs);
  }

  private warnLate(lift: Lift): void {
    const key = lifting(lift).command;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    this.log.warn(lift, 'an embargo is lifted late');
  }
}

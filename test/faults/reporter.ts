import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canary, wordsOf } from './follower.js';
import { outage, type Sender } from './sender.js';
import type { Winner } from './simulator/arbiter.js';
import { misplaced, type Won } from './writers.js';

/** The story in which reporters submit. */
export const reviewed = 'storm-reviewed';
const submitEveryMs = 500;

/**
 * A reporter who submits. An editor approves every second submission and retracts the others, which no reader may see. Each request is sent
 * again until it has its answer.
 */
export class Reporter {
  readonly wrong: string[] = [];
  /** The bodies that readers must get of each development. */
  readonly due = new Map<string, string>();
  /** The position of the last approval. */
  position = 0;
  private readonly done: { readonly key: string; readonly answer: Won }[] = [];

  constructor(
    private readonly reporter: Sender,
    private readonly editor: Sender,
    /** From then on nothing is sent any more. */
    private readonly late: AbortSignal,
  ) {}

  get submissions(): number {
    return Math.ceil(this.done.length / 2);
  }

  /** Works until `signal`, and then until all answers are there. */
  async work(signal: AbortSignal): Promise<void> {
    // Of the whole newsroom: else the reporter would not be in its team.
    const story = { id: reviewed, title: 'Reviewed', zone: 'UTC', team: 'newsroom' };
    const opened = await this.answered(this.editor, '/stories', story);
    const review = () => this.answered(this.editor, `/stories/${reviewed}/review`, { reporters: 'submit' });
    let isAnswered = opened !== undefined && (await review()) !== undefined;
    for (let number = 0; isAnswered && !signal.aborted; number++, await sleep(submitEveryMs))
      isAnswered = await this.submit(number % 2 === 0);
    if (!isAnswered) this.wrong.push('a submission, its approval or its retraction got no final answer in time');
  }

  /** Compares the answers with the log. */
  wrongIn(winners: readonly Winner[]): string[] {
    return misplaced(
      this.done,
      Map.groupBy(winners, ({ command }) => command),
    );
  }

  /** Submits, and then publishes or retracts it. Resolves to whether both succeeded in time. */
  private async submit(isGood: boolean): Promise<boolean> {
    const body = isGood ? wordsOf(randomUUID()) : canary;
    const submitted = await this.act(this.reporter, '/submissions', { content: { kind: 'update', body } });
    if (!submitted) return false;
    const { commit, development } = submitted;
    const path = `/developments/${development}`;
    if (!isGood) return (await this.act(this.editor, `${path}/retract`, { reason: 'It is wrong.' })) !== undefined;
    const approved = await this.act(this.editor, `${path}/approve-submission`, { commit });
    if (!approved) return false;
    this.due.set(development, body);
    this.position = approved.position;
    return true;
  }

  private async act(by: Sender, path: string, body: object): Promise<Won | undefined> {
    const key = randomUUID();
    const answer = (await this.answered(by, `/stories/${reviewed}${path}`, body, key)) as Won | undefined;
    if (answer) this.done.push({ key, answer });
    return answer;
  }

  private answered(by: Sender, path: string, body: object, key: string = randomUUID()): Promise<unknown> {
    const headers = { 'Idempotency-Key': key };
    return by.answered({ method: 'POST', path, headers, body, good: 201, again: [202, ...outage] }, this.late);
  }
}

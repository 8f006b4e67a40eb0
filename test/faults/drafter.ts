import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canary } from './follower.js';
import { outage, type Sender, type Sent } from './sender.js';

/** How many times a person saves a draft before they read and discard it. */
const savesOfDraft = 20;
const betweenMs = 50;

/** What a draft says, with a word that no reader may see. */
export const textOf = (save: number) => `${canary} ${save}`;

interface Seen {
  readonly version: number;
  readonly value?: { readonly content?: { readonly body?: string } };
}

/** A person who saves drafts, each save until it is answered. What was acknowledged as saved must be there. */
export class Drafter {
  readonly wrong: string[] = [];
  saves = 0;
  private draft = randomUUID();
  private version = 0;

  constructor(
    private readonly sender: Sender,
    private readonly story: string,
    /** From then on nothing is sent any more. */
    private readonly late: AbortSignal,
  ) {}

  /** Works until `signal`, and then until all answers are there. */
  async work(signal: AbortSignal): Promise<void> {
    for (; !signal.aborted && !this.late.aborted; await sleep(betweenMs)) {
      await this.save();
      if (this.version < savesOfDraft) continue;
      await this.compare();
      await this.discard();
    }
    if (this.version > 0) await this.compare();
    if (this.late.aborted) this.wrong.push(`the draft ${this.draft} got no final answer in time`);
  }

  private async save(): Promise<void> {
    const value = { content: { kind: 'update', body: textOf(++this.saves) } };
    const body = { version: this.version, act: 'record', value };
    const saved = (await this.answered({ method: 'PUT', path: '', body, good: 200 })) as Seen | undefined;
    if (!saved) return;
    if (saved.version !== this.version + 1)
      this.wrong.push(`the draft ${this.draft} was saved as version ${saved.version}, after ${this.version}`);
    this.version = saved.version;
  }

  private async compare(): Promise<void> {
    const seen = (await this.answered({ method: 'GET', path: '', good: 200 })) as Seen | undefined;
    if (!seen) return;
    const [is, due] = [`${seen.version}: ${seen.value?.content?.body}`, `${this.version}: ${textOf(this.saves)}`];
    if (is !== due) this.wrong.push(`the draft ${this.draft} is “${is}”, and “${due}” was saved`);
  }

  private async discard(): Promise<void> {
    const body = { version: this.version };
    if (await this.answered({ method: 'POST', path: '/discard', body, good: 200 }))
      [this.draft, this.version] = [randomUUID(), 0];
  }

  private answered({ path, ...sent }: Sent): Promise<unknown> {
    const ofDraft = { ...sent, path: `/stories/${this.story}/drafts/${this.draft}${path}`, again: outage };
    return this.sender.answered(ofDraft, this.late);
  }
}

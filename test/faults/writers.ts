import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { canary, wordsOf } from './follower.js';
import { filesOf, pictureFault, pictureOf } from './pictures.js';
import { outage, patienceMs, type Answer, type Sender, type Sent } from './sender.js';
import type { Winner } from './simulator/arbiter.js';
import type { Random } from './simulator/random.js';

const pictureEveryMs = 2_000;
const secretEveryMs = 500;
const glanceEveryMs = 300;
/** A reader who goes away does so within this time. */
const glanceMs = 40;
/** So many requests with a key that has its answer follow a storm. */
const replays = 60;
/** They are of the latest posts, because a process does not keep all keys (`commandsKept`). */
const replayedOf = 50_000;

/** How the writers treat an answer that is not the final one. */
export interface Manners {
  /** Of the posts that get 409 at once, and of the answers 202, the part after which the post is not sent again. */
  readonly patient: number;
  /** A post that was answered 202 is looked up for so long, and then sent again. */
  readonly pendingMs: number;
}

const update = (body: string, more: object = {}) => ({ content: { kind: 'update', body, ...more } });

interface Post {
  readonly key: string;
  readonly story: string;
  readonly body: object;
  tries: number;
  /** Whether its author gives it up if the first answer is a 409. */
  readonly yields: boolean;
  isGivenUp?: boolean;
  /** Where and since when its author looks it up after a 202. */
  lookedUp?: LookedUp | undefined;
  /** The first final answer. */
  answer?: Won;
}
interface LookedUp {
  readonly url: string;
  readonly from: number;
}
/** The final answer to a command. */
export interface Won {
  readonly position: number;
  readonly commit: string;
  readonly development: string;
}

/** A refusal because others posted first. */
interface Conflict {
  readonly head?: string;
  readonly meanwhile?: readonly { readonly command: string }[];
}

/** What became of a post to one editor-api. */
interface Outcome {
  readonly story: string;
  /** Undefined if it was not acknowledged. */
  readonly position: number | undefined;
  /** The last answer that was not good. */
  readonly said: string | undefined;
}

/** Which of these commands are not in the log once, where their author was told. `byKey`: the log's commands. */
export const misplaced = (
  commands: readonly { readonly key: string; readonly answer?: Won }[],
  byKey: ReadonlyMap<string, readonly Winner[]>,
): string[] =>
  commands.flatMap(({ key, answer }) => {
    const mine = byKey.get(key) ?? [];
    if (mine.length !== 1) return [`${key} is in the log ${mine.length} times`];
    return answer && (mine[0]!.position !== answer.position || mine[0]!.id !== answer.commit)
      ? [`${key} is at ${mine[0]!.position}, and its author was told ${answer.position}`]
      : [];
  });

/** Clients who post, each post with a key and until it has a final answer. */
export class Writers {
  readonly posts: Post[] = [];
  /** Those of the posts that show a picture. */
  readonly shown: Post[] = [];
  /** The keys of those that are under embargo. */
  readonly secret = new Set<string>();
  readonly wrong: string[] = [];
  /** The keys of posts whose only answer was a 409. They are not among the posts. */
  private readonly givenUp: string[] = [];
  /** Each 409: the key, and the head that the answer told. */
  private readonly conflicts: { readonly key: string; readonly head: string }[] = [];
  private lookUps = 0;
  /** Since when there is no fault any more. */
  private calmFrom: number | undefined;

  constructor(
    private readonly sender: Sender,
    private readonly random: Random,
    /** The story to post to, after so many posts. */
    private readonly storyAfter: (posts: number) => Promise<string>,
    private readonly manners: Manners = { patient: 0.1, pendingMs: 60_000 },
  ) {}

  get figures(): Record<string, number> {
    return { 'given up after a 409': this.givenUp.length, 'looked up after a 202': this.lookUps };
  }

  get acknowledged(): number {
    return this.posts.filter(({ answer }) => answer).length;
  }

  get retries(): number {
    return this.posts.reduce((sum, { tries }) => sum + Math.max(0, tries - 1), 0);
  }

  /** The acknowledged post with the last position of those that readers see. */
  get latest(): { readonly story: string; readonly position: number } | undefined {
    let latest: { story: string; position: number } | undefined;
    for (const { key, story, answer } of this.posts)
      if (answer && !this.secret.has(key) && answer.position > (latest?.position ?? 0))
        latest = { story, position: answer.position };
    return latest;
  }

  async write(signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await sleep(20)) {
      const story = await this.storyAfter(this.posts.length);
      const key = randomUUID();
      const yields = this.random.chance(this.manners.patient);
      await this.send(this.begun(story, update(wordsOf(key)), key, yields), signal);
    }
  }

  /** Posts to one editor-api alone, until it acknowledges the post or until `signal`. */
  async postTo(urlOf: () => string | undefined, signal: AbortSignal): Promise<Outcome> {
    const story = await this.storyAfter(this.posts.length);
    const post = this.begun(story, update('The wind turns here.'));
    await this.send(post, signal, urlOf);
    return { story, position: post.answer?.position, said: this.sender.said.get(urlOf() ?? '') };
  }

  /** Posts under embargo. */
  async whisper(signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await sleep(secretEveryMs, undefined, { signal }).catch(() => undefined)) {
      const story = await this.storyAfter(this.posts.length);
      const post = this.begun(story, { ...update(`The wind will turn: ${canary}.`), embargo: {} });
      this.secret.add(post.key);
      await this.send(post, signal);
    }
  }

  /** Posts pictures, until `signal`. Sends each upload and each post again until it succeeds, or until `late`. */
  async photograph(signal: AbortSignal, late: AbortSignal): Promise<void> {
    for (; !signal.aborted; await sleep(pictureEveryMs, undefined, { signal }).catch(() => undefined)) {
      const story = await this.storyAfter(this.posts.length);
      // A small one, because each has a process that reads it.
      const body = await pictureOf(this.random, 160);
      const headers = { 'Content-Type': 'image/jpeg' };
      const path = `/stories/${story}/media`;
      const sent = { method: 'POST', path, headers, body, good: 201, again: outage } as const;
      const kept = await this.sender.answered(sent, late);
      if (!kept) return void this.wrong.push('an upload of a picture got no final answer in time');
      const { picture, ticket } = kept as { readonly picture: string; readonly ticket: string };
      const media = [{ picture, ticket, alt: 'A square' }];
      const post = this.begun(story, update('A picture of the wind.', { media }));
      this.shown.push(post);
      await this.send(post, late);
    }
  }

  /** Readers who ask for a picture and go away before they have all of it, until `signal`. */
  async glance(readerUrl: () => string | undefined, signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await sleep(glanceEveryMs, undefined, { signal }).catch(() => undefined)) {
      const seen = this.shown.filter(({ answer }) => answer);
      const url = readerUrl();
      if (!url || seen.length === 0) continue;
      const [file] = await filesOf(url, this.random.pick(seen)).catch(() => []);
      if (!file) continue;
      const away = AbortSignal.timeout(this.random.below(glanceMs));
      const taken = fetch(new URL(file, url), { signal: away })
        .then(answer => answer.bytes())
        .catch(() => undefined);
      // Once a fetch that was broken off neither ended nor failed.
      await Promise.race([taken, sleep(patienceMs, undefined, { ref: false })]);
    }
  }

  /**
   * Call when all faults have ended. Sends again what has no final answer yet, and then some posts that have one. Resolves to the key of a
   * post that got none within the time.
   */
  async settle(withinMs: number): Promise<string | undefined> {
    this.calmFrom = performance.now();
    const over = AbortSignal.timeout(withinMs);
    // A post that is given up leaves the list.
    for (const post of [...this.posts]) {
      await this.send(post, over);
      if (!post.answer && !post.isGivenUp) return post.key;
    }
    await this.replay(withinMs);
    return undefined;
  }

  /** Compares the answers with the log. */
  wrongIn(winners: readonly Winner[]): string[] {
    const byKey = Map.groupBy(winners, ({ command }) => command);
    const byId = new Map(winners.map(winner => [winner.id, winner]));
    const applied = this.givenUp.filter(key => byKey.has(key));
    // What came first is in the log, and is of another post.
    const unfounded = this.conflicts.filter(({ key, head }) => (byId.get(head)?.command ?? key) === key);
    return [
      ...misplaced(this.posts, byKey),
      ...applied.map(key => `${key} was answered 409, was not sent again, and is in the log`),
      ...unfounded.map(({ key, head }) => `${key} was answered 409 because of ${head}, which is not another post`),
    ];
  }

  /** Waits until readers get every picture that was posted. Resolves to what they do not get within the time. */
  async wrongPictures(readerUrl: () => string | undefined, withinMs: number): Promise<string[]> {
    const end = performance.now() + withinMs;
    const wrong: string[] = [];
    for (const [at, post] of this.shown.entries()) {
      if (!post.answer) continue;
      if (wrong.length > 0 && performance.now() > end) {
        wrong.push(`${this.shown.length - at} further pictures were not asked for`);
        break;
      }
      let why = await pictureFault(readerUrl(), post);
      for (; why && performance.now() < end; why = await pictureFault(readerUrl(), post)) await sleep(200);
      if (why) wrong.push(`readers do not get the picture of ${post.key}: ${why}`);
    }
    return wrong;
  }

  private begun(story: string, body: object, key: string = randomUUID(), yields = false): Post {
    const post = { key, story, body, yields, tries: 0 };
    this.posts.push(post);
    return post;
  }

  /** `urlOf`: where to send it, if not to one at random. */
  private async send(post: Post, signal: AbortSignal, urlOf?: () => string | undefined): Promise<void> {
    while (!post.answer && !post.isGivenUp && !signal.aborted) {
      if (post.lookedUp) await this.lookUp(post, post.lookedUp);
      else if (!urlOf || urlOf()) await this.try(post, urlOf?.());
      if (!post.answer && !post.isGivenUp) await sleep(post.lookedUp ? 500 : 100);
    }
  }

  private async try(post: Post, url: string | undefined): Promise<void> {
    post.tries++;
    const answer = await this.sender.ask(requestOf(post), url);
    if (answer?.status === 201) post.answer = answer.body as Won;
    if (answer?.status === 409) this.refused(post, answer.body as Conflict);
    if (answer?.status === 202 && this.random.chance(this.manners.patient)) {
      this.lookUps++;
      post.lookedUp = { url: answer.url, from: performance.now() };
    }
  }

  /** Notes a 409. One that came at once is final: nothing of the post may be in the log. */
  private refused(post: Post, { head, meanwhile = [] }: Conflict): void {
    const { key } = post;
    // There are no other reasons for a 409 in a storm.
    if (head === undefined) this.wrong.push(`${key} was answered 409, which tells no head`);
    else this.conflicts.push({ key, head });
    if (meanwhile.some(({ command }) => command === key)) this.wrong.push(`${key} was answered 409 because of itself`);
    // After an earlier try without an answer, that one may still win.
    if (!post.yields || post.tries > 1) return;
    post.isGivenUp = true;
    this.posts.splice(this.posts.lastIndexOf(post), 1);
    this.givenUp.push(key);
  }

  /** Asks the process that answered 202 for the outcome. Without one, the post is sent again later. */
  private async lookUp(post: Post, { url, from }: LookedUp): Promise<void> {
    const { key } = post;
    const { pendingMs } = this.manners;
    const path = `/commands/${key}`;
    const answer = await this.sender.ask({ method: 'GET', path, good: 200, again: [404, ...outage] }, url);
    const outcome = outcomeIn(answer);
    if (outcome === 'won') post.answer = answer!.body as Won;
    const isLate = performance.now() - Math.max(from, this.calmFrom ?? 0) > pendingMs;
    if (outcome === 'pending' && isLate && this.calmFrom !== undefined)
      this.wrong.push(`${key} was answered 202, and is pending ${pendingMs} ms after the last fault`);
    if (outcome === undefined || isLate) post.lookedUp = undefined;
  }

  /** Sends posts again that have their answer. Each must get it again, whichever process answers. */
  private async replay(withinMs: number): Promise<void> {
    // A picture's ticket ends.
    const shown = new Set(this.shown);
    const answered = this.posts.filter(post => post.answer && !shown.has(post)).slice(-replayedOf);
    if (answered.length === 0) return;
    const end = performance.now() + withinMs;
    let left = replays;
    while (left > 0 && performance.now() < end) {
      const post = this.random.pick(answered);
      const again = await this.sender.ask({ ...requestOf(post), again: [202, ...outage] });
      if (again?.status === 201) {
        left--;
        if (!isDeepStrictEqual(again.body, post.answer))
          this.wrong.push(
            `${post.key} was answered ${JSON.stringify(post.answer)}, and later ${JSON.stringify(again.body)}`,
          );
      } else await sleep(200);
    }
    if (left > 0) this.wrong.push(`${left} of ${replays} posts were not answered again within ${withinMs} ms`);
  }
}

/**
 * What a process says of the outcome of a command. Undefined if it does not answer or does not know the command, as one that was started
 * again, or one whose record has lost.
 */
function outcomeIn(answer: Answer | undefined): 'won' | 'pending' | 'unavailable' | undefined {
  if (!answer) return undefined;
  const { status, body } = answer;
  if (status === 200) return (body as { readonly status: 'won' | 'pending' }).status;
  return outage.includes(status) ? 'unavailable' : undefined;
}

const requestOf = ({ key, story, body }: Post): Sent => ({
  method: 'POST',
  path: `/stories/${story}/developments`,
  headers: { 'Idempotency-Key': key },
  body,
  good: 201,
});

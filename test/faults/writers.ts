import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { sha256 } from '../harness/media.js';
import { canary } from './follower.js';
import { outage, patienceMs, type Sender } from './sender.js';
import type { Winner } from './simulator/arbiter.js';
import type { Random } from './simulator/random.js';

const pictureEveryMs = 2_000;
const secretEveryMs = 500;
const glanceEveryMs = 300;
/** A reader who goes away does so within this time. */
const glanceMs = 40;

const update = (body: string, more: object = {}) => ({ content: { kind: 'update', body, ...more } });

interface Post {
  readonly key: string;
  readonly story: string;
  readonly body: object;
  tries: number;
  /** The first final answer. */
  answer?: { readonly position: number; readonly commit: string; readonly development: string };
}

/** A picture that no other is like. */
export async function pictureOf(random: Random, width = 400): Promise<Uint8Array> {
  const background = { r: random.below(256), g: random.below(256), b: random.below(256) };
  const noise = { type: 'gaussian', mean: 100, sigma: 50 } as const;
  const create = { width, height: (width * 3) / 4, channels: 3, background, noise } as const;
  return sharp({ create }).jpeg().toBuffer();
}

/** Clients who post, each post with a key and until it has a final answer. */
export class Writers {
  readonly posts: Post[] = [];
  /** Those of the posts that show a picture. */
  readonly shown: Post[] = [];
  /** The keys of those that are under embargo. */
  readonly secret = new Set<string>();
  readonly wrong: string[] = [];

  constructor(
    private readonly sender: Sender,
    private readonly random: Random,
    /** The story to post to, after so many posts. */
    private readonly storyAfter: (posts: number) => Promise<string>,
  ) {}

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
      await this.send(this.begun(story, update(`The wind turns: ${key}.`), key), signal);
    }
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
      await fetch(new URL(file, url), { signal: away })
        .then(answer => answer.bytes())
        .catch(() => undefined);
    }
  }

  /** Sends again what has no final answer yet. Resolves to the key of a post that got none within the time. */
  async settle(withinMs: number): Promise<string | undefined> {
    const over = AbortSignal.timeout(withinMs);
    for (const post of this.posts) {
      await this.send(post, over);
      if (!post.answer) return post.key;
    }
    return undefined;
  }

  /** Compares the answers with the log. */
  wrongIn(winners: readonly Winner[]): string[] {
    const byKey = Map.groupBy(winners, ({ command }) => command);
    return this.posts.flatMap(({ key, answer }) => {
      const mine = byKey.get(key) ?? [];
      if (mine.length !== 1) return [`${key} is in the log ${mine.length} times`];
      return answer && (mine[0]!.position !== answer.position || mine[0]!.id !== answer.commit)
        ? [`${key} is at ${mine[0]!.position}, and its author was told ${answer.position}`]
        : [];
    });
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

  private begun(story: string, body: object, key: string = randomUUID()): Post {
    const post = { key, story, body, tries: 0 };
    this.posts.push(post);
    return post;
  }

  private async send(post: Post, signal: AbortSignal): Promise<void> {
    const { key, story, body } = post;
    const headers = { 'Idempotency-Key': key };
    const path = `/stories/${story}/developments`;
    while (!post.answer && !signal.aborted) {
      post.tries++;
      const answer = await this.sender.send({ method: 'POST', path, headers, body, good: 201 });
      if (answer) post.answer = answer as Post['answer'] & object;
      else await sleep(100);
    }
  }
}

interface Shown {
  readonly entry: { readonly media: readonly { readonly sources: readonly { readonly href: string }[] }[] };
}

const ask = (url: string | undefined, path: string) =>
  fetch(new URL(path, url), { signal: AbortSignal.timeout(patienceMs) });

/** The paths of the files that a post shows. Throws if readers do not get the post. */
async function filesOf(url: string | undefined, { story, answer }: Post): Promise<string[]> {
  const post = await ask(url, `/stories/${story}/timeline/${answer?.development}`);
  if (!post.ok) throw new Error(`the post is answered ${post.status}`);
  return ((await post.json()) as Shown).entry.media.flatMap(({ sources }) => sources.map(({ href }) => href));
}

/** Why a reader does not get the picture of a post, whole. Undefined if they do. */
async function pictureFault(url: string | undefined, post: Post): Promise<string | undefined> {
  try {
    const files = await filesOf(url, post);
    if (files.length === 0) return 'the post shows no file';
    for (const path of files) {
      const file = await ask(url, path);
      if (!file.ok) return `${path} is answered ${file.status}`;
      if (`/media/${sha256(await file.bytes())}` !== path) return `${path} has other bytes than its name says`;
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

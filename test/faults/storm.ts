import type { Role } from '#platform';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../harness/app.js';
import { audit, lastLine, type Ran } from '../harness/audit.js';
import { Client } from '../harness/client.js';
import { rawRecords } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { foldedInPython, python } from '../independent/run-python.js';
import { Random } from './simulator/random.js';
import type { FaultyLine } from './faulty-line.js';
import { Follower } from './follower.js';
import { winnersOf } from './simulator/arbiter.js';
import type { Found, Report } from './row.js';
import { Slot } from './slot.js';

/** What `verify --json` prints, as far as it is compared. */
interface Verified {
  readonly compared: { readonly tables: { readonly timeline: { readonly log: string; readonly live: string } } };
}
const tailOf = ({ out, err }: Ran) => (err + out).slice(-500);

/** A story takes 20,000 developments, so a long storm goes on in another one after so many posts. */
const postsOfStory = 15_000;
const writers = 8;
/** Readers who follow the story all the time. */
const readers = 4;
/** A request without an answer is sent again after this time. */
const patienceMs = 10_000;
/** What readers see is back this long after the last fault. On a busy machine processes take longer to start than to read. */
const backWithinMs = 120_000;
/** After the faults each command must get its final answer within this time. */
const settledWithinMs = 120_000;

/** One of the stories that all post to, one after the other, and those who follow it. */
interface Chapter {
  readonly story: string;
  readonly followers: readonly Follower[];
}
interface Post {
  readonly key: string;
  readonly story: string;
  tries: number;
  /** The first final answer. */
  answer?: { readonly position: number; readonly commit: string };
}

/** What stands between a process and those that it talks to. */
export interface Wiring {
  readonly env: Record<string, string>;
  readonly front?: FaultyLine;
}

/** How a storm begins. */
export interface Opening {
  /** May put lines between each process and the others. */
  readonly wire?: (name: AppName, env: Record<string, string>) => Promise<Wiring>;
  /** Statuses of answers that are no fault either. */
  readonly passing?: readonly number[];
  readonly env?: Record<string, string>;
  /** The checkout whose build all processes run at first. Default: this one. */
  readonly home?: string;
}

/** A newsroom of two of each app under load, in which a row makes things fail. */
export class Storm {
  /** The stream of the story that all post to at first. */
  readonly stream = 'story:storm';
  readonly slots: Slot[] = [];
  readonly random: Random;
  private readonly posts: Post[] = [];
  private readonly chapters: Promise<Chapter>[] = [];
  private readonly wrong: string[] = [];
  private readonly stopping = new AbortController();
  authorization = '';

  private constructor(
    readonly newsroom: TestNewsroom,
    seed: number,
    private readonly passing: readonly number[],
    private readonly others: boolean,
  ) {
    this.random = new Random(seed);
  }

  static async open(seed: number, { wire, passing = [], env, home }: Opening = {}): Promise<Storm> {
    const newsroom = await TestNewsroom.open({
      editors: 0,
      projector: false,
      reader: false,
      env: { SETTLE_TIMEOUT_MS: '5000', ...env },
      home,
    });
    const storm = new Storm(newsroom, seed, passing, home !== undefined);
    try {
      storm.authorization = `Bearer ${await newsroom.token(['editor'])}`;
      for (const name of ['editor-api', 'projector', 'reader-api'] as const)
        for (let number = 0; number < 2; number++) {
          const wired: Wiring = (await wire?.(name, newsroom.envOf(name))) ?? { env: newsroom.envOf(name) };
          storm.slots.push(new Slot(name, wired.env, wired.front, home));
        }
      await Promise.all(storm.slots.map(slot => slot.start()));
      await storm.chapter(0);
      return storm;
    } catch (error) {
      await storm.close();
      throw error;
    }
  }

  /** The processes of an app. */
  of(name: AppName): readonly Slot[] {
    return this.slots.filter(slot => slot.name === name);
  }

  /** A client of the first editor-api that runs, signed in with this role. */
  async as(role: Role): Promise<Client> {
    const { url } = this.of('editor-api').find(({ app }) => app)!;
    return new Client(url!, { Authorization: `Bearer ${await this.newsroom.token([role])}` });
  }

  /** Posts while `faults` runs; then ends the faults, and checks everything. */
  async during(faults: () => Promise<number>, report: Report): Promise<Found> {
    const load = Promise.all(Array.from({ length: writers }, () => this.write()));
    const tries = await faults();
    this.stopping.abort();
    await load;
    for (const slot of this.slots) {
      slot.app?.process.kill('SIGCONT');
      if (!slot.app) await slot.start();
    }
    report.line(`${this.posts.length} posts; now all must settle`);
    await this.settle();
    const violations = [...this.wrong, ...(await this.check())];
    const retries = this.posts.reduce((sum, post) => sum + post.tries - 1, 0);
    const followers = (await Promise.all(this.chapters)).flatMap(chapter => chapter.followers);
    const streams = followers.reduce((sum, { connections }) => sum + connections, 0);
    return { tries, violations, figures: { acknowledged: this.posts.length, retries, streams } };
  }

  get acknowledged(): number {
    return this.posts.filter(({ answer }) => answer).length;
  }

  /** Waits until readers see every post acknowledged so far. Resolves to whether they do within the time. */
  async areReadersBack(withinMs: number): Promise<boolean> {
    const at = ({ answer }: Post) => answer?.position ?? 0;
    const latest = this.posts.reduce<Post | undefined>(
      (last, post) => (last && at(last) > at(post) ? last : post),
      undefined,
    );
    return latest === undefined || (await this.wrongReaders(latest.story, at(latest), withinMs)).length === 0;
  }

  /** The streams in quarantine in the tables that readers get, in order. */
  quarantined(): Promise<string[]> {
    return this.newsroom.onDatabase(async client => {
      const { rows: live } = await client.query<{ name: string }>('select name from dateline.build where live');
      const asked = `select name from ${live[0]!.name}.stream where quarantined_at is not null order by name`;
      const { rows } = await client.query<{ name: string }>(asked);
      return rows.map(({ name }) => JSON.parse(name) as string);
    });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    for (const chapter of await Promise.allSettled(this.chapters))
      if (chapter.status === 'fulfilled') await Promise.all(chapter.value.followers.map(follower => follower.close()));
    await Promise.all(this.slots.map(slot => slot.kill()));
    await this.newsroom.close();
  }

  /** The story that all post to after so many others. Opens it if nobody has. */
  private chapter(number: number): Promise<Chapter> {
    return (this.chapters[number] ??= this.opened(number === 0 ? 'storm' : `storm-${number + 1}`));
  }

  private async opened(story: string): Promise<Chapter> {
    // Versions without teams must read it too. One person writes all.
    const begun = { id: story, title: 'Storm', zone: 'UTC', team: undefined };
    const key = randomUUID();
    const end = performance.now() + settledWithinMs;
    for (let last = 'no editor-api runs'; ; await sleep(100)) {
      if (performance.now() > end) throw new Error(`The story ${story} could not be opened: ${last}`);
      if (!this.of('editor-api').some(({ app }) => app)) continue;
      const sent = (await this.as('editor')).post('/stories', begun, { key });
      const { status, text } = await sent.catch((error: Error) => ({ status: 0, text: error.message }));
      if (status === 201) break;
      last = text;
    }
    const live = () => {
      const { url } = this.random.pick(this.of('reader-api'));
      return url && new URL(`/stories/${story}/live`, url).href;
    };
    return { story, followers: Array.from({ length: readers }, () => new Follower(live, this.others)) };
  }

  private async write(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const { story } = await this.chapter(Math.floor(this.posts.length / postsOfStory));
      const post: Post = { key: randomUUID(), story, tries: 0 };
      this.posts.push(post);
      while (!post.answer && !this.stopping.signal.aborted) if (!(await this.send(post))) await sleep(100);
      await sleep(20);
    }
  }

  /** Resolves to whether the answer is final. */
  private async send(post: Post): Promise<boolean> {
    const { url } = this.random.pick(this.of('editor-api'));
    if (!url) return false;
    post.tries++;
    try {
      const response = await fetch(new URL(`/stories/${post.story}/developments`, url), {
        method: 'POST',
        headers: {
          Authorization: this.authorization,
          'Content-Type': 'application/json',
          'Idempotency-Key': post.key,
        },
        body: JSON.stringify({ content: { kind: 'update', body: `The wind turns: ${post.key}.` } }),
        signal: AbortSignal.timeout(patienceMs),
      });
      const text = await response.text();
      if (response.status === 201) post.answer = JSON.parse(text) as Post['answer'] & object;
      // A conflict, too many requests and an outage are tried again; every other answer is wrong.
      else if (![202, 409, 429, 502, 503, ...this.passing].includes(response.status))
        this.wrong.push(`${post.key} was answered 500: ${text.slice(0, 200)}`);
      return response.status === 201;
    } catch {
      return false;
    }
  }

  private async settle(): Promise<void> {
    const end = performance.now() + settledWithinMs;
    for (const post of this.posts)
      while (!post.answer) {
        if (performance.now() > end) {
          this.wrong.push(`${post.key} got no final answer within ${settledWithinMs} ms`);
          return;
        }
        if (!(await this.send(post))) await sleep(100);
      }
  }

  /** Compares the answers with the raw topic, and what readers see with it. */
  private async check(): Promise<string[]> {
    const winners = winnersOf(await rawRecords(this.newsroom.env));
    const byKey = Map.groupBy(winners, ({ command }) => command);
    const wrong: string[] = [];
    for (const { key, answer } of this.posts) {
      const mine = byKey.get(key) ?? [];
      if (mine.length !== 1) wrong.push(`${key} is in the log ${mine.length} times`);
      else if (answer && (mine[0]!.position !== answer.position || mine[0]!.id !== answer.commit))
        wrong.push(`${key} is at ${mine[0]!.position}, and its author was told ${answer.position}`);
    }
    for (const { story, followers } of await Promise.all(this.chapters)) {
      const changes = winners.filter(({ stream }) => stream === `story:${story}`).map(({ position }) => position);
      wrong.push(...(await this.wrongReaders(story, changes.at(-1)!)));
      wrong.push(...(await wrongStreams(followers, changes)));
    }
    return [...wrong, ...(await this.wrongInPython())];
  }

  /**
   * The arbiter and the fold in another language, which were written from the docs alone, must find the same winners in the records, and
   * the same timeline as the projector and as a rebuild from the log.
   */
  private async wrongInPython(): Promise<string[]> {
    const verified = await audit(this.newsroom, 'verify', '--json').ended;
    if (verified.code !== 0) return [`audit verify ended with ${verified.code}: ${tailOf(verified)}`];
    const folder = mkdtempSync(join(tmpdir(), 'dateline-storm-'));
    try {
      const bundle = join(folder, 'bundle');
      const exported = await audit(this.newsroom, 'export', '--all', '--to', bundle).ended;
      if (exported.code !== 0) return [`audit export ended with ${exported.code}: ${tailOf(exported)}`];
      const checked = python(bundle);
      const folded = foldedInPython(bundle);
      const { log, live } = (lastLine(verified) as Verified).compared.tables.timeline;
      return [
        ...(checked.code === 0 ? [] : [`the arbiter in Python: ${checked.out.slice(-500)}`]),
        ...(live === folded.hash && log === folded.hash
          ? []
          : [`the timeline has the hash ${live}, rebuilt ${log}, and in Python: ${folded.out.slice(-500)}`]),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async wrongReaders(story: string, position: number, withinMs = backWithinMs): Promise<string[]> {
    const end = performance.now() + withinMs;
    const wrong: string[] = [];
    for (const { url } of this.of('reader-api')) {
      const at = async () => {
        const response = await fetch(new URL(`/stories/${story}`, url), {
          signal: AbortSignal.timeout(patienceMs),
        }).catch(() => undefined);
        return response?.ok ? ((await response.json()) as { readonly position: number }).position : 0;
      };
      let seen = await at();
      for (; seen < position && performance.now() < end; seen = await at()) await sleep(100);
      if (seen < position) wrong.push(`readers see position ${seen} of ${position} in ${story}`);
    }
    return wrong;
  }
}

/** Waits until every follower has all changes, and returns what they missed or got twice. */
async function wrongStreams(followers: readonly Follower[], changes: readonly number[]): Promise<string[]> {
  const end = performance.now() + backWithinMs;
  const last = changes.at(-1)!;
  // One that came late began after all changes.
  const isBack = () => followers.every(({ positions, from = 0 }) => (positions.at(-1) ?? from) >= last);
  while (!isBack() && performance.now() < end) await sleep(100);
  return followers.flatMap(follower => follower.wrongAgainst(changes));
}

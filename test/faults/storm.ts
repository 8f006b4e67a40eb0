import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type App, type AppName } from '../harness/app.js';
import { audit } from '../harness/audit.js';
import { rawRecords } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Random } from './simulator/random.js';
import { winnersOf } from './simulator/arbiter.js';
import type { Found, Report } from './row.js';

const story = 'storm';
const writers = 8;
/** A request without an answer is sent again after this time. */
const patienceMs = 10_000;
/** What readers see is back this long after the last fault. On a busy machine processes take longer to start than to read. */
const backWithinMs = 120_000;
/** After the faults each command must get its final answer within this time. */
const settledWithinMs = 120_000;

/** One process of the newsroom, which can be killed and started again. */
export class Slot {
  app: App | undefined;

  constructor(
    readonly name: AppName,
    private readonly env: Record<string, string>,
  ) {}

  async start(): Promise<void> {
    this.app = await startApp(this.name, this.env, 120_000);
  }

  async kill(): Promise<void> {
    await this.app?.signal('SIGKILL');
    this.app = undefined;
  }

  /** Stops it for a while: to the others it looks as if the network were cut. */
  async pause(ms: number): Promise<void> {
    this.app?.process.kill('SIGSTOP');
    await sleep(ms);
    this.app?.process.kill('SIGCONT');
  }
}

interface Post {
  readonly key: string;
  tries: number;
  /** The first final answer. */
  answer?: { readonly position: number; readonly commit: string };
}

/** A newsroom of two of each app under load, in which a row makes things fail. */
export class Storm {
  readonly slots: Slot[] = [];
  readonly random: Random;
  private readonly posts: Post[] = [];
  private readonly wrong: string[] = [];
  private readonly stopping = new AbortController();
  private authorization = '';

  private constructor(
    readonly newsroom: TestNewsroom,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  static async open(seed: number): Promise<Storm> {
    const newsroom = await TestNewsroom.open({
      editors: 1,
      projector: false,
      reader: false,
      env: { SETTLE_TIMEOUT_MS: '5000' },
    });
    const storm = new Storm(newsroom, seed);
    try {
      const editor = await newsroom.as(['editor']);
      const opened = await editor.post('/stories', { id: story, title: 'Storm', zone: 'UTC' });
      if (opened.status !== 201) throw new Error(`The story could not be opened: ${opened.text}`);
      storm.authorization = `Bearer ${await newsroom.token(['editor'])}`;
      for (const name of ['editor-api', 'projector', 'reader-api'] as const)
        for (let number = 0; number < 2; number++) storm.slots.push(new Slot(name, newsroom.envOf(name)));
      await Promise.all(storm.slots.map(slot => slot.start()));
      return storm;
    } catch (error) {
      await storm.close();
      throw error;
    }
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
    return { tries, violations, figures: { acknowledged: this.posts.length, retries } };
  }

  async close(): Promise<void> {
    await Promise.all(this.slots.map(slot => slot.kill()));
    await this.newsroom.close();
  }

  private async write(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const post: Post = { key: randomUUID(), tries: 0 };
      this.posts.push(post);
      while (!post.answer && !this.stopping.signal.aborted) if (!(await this.send(post))) await sleep(100);
      await sleep(20);
    }
  }

  /** Resolves to whether the answer is final. */
  private async send(post: Post): Promise<boolean> {
    const { app } = this.random.pick(this.slots.filter(({ name }) => name === 'editor-api'));
    if (!app) return false;
    post.tries++;
    try {
      const response = await fetch(new URL(`/stories/${story}/developments`, app.url), {
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
      else if (![202, 409, 429, 500, 502, 503].includes(response.status))
        this.wrong.push(`${post.key} was answered ${response.status}: ${text.slice(0, 200)}`);
      else if (response.status === 500) this.wrong.push(`${post.key} was answered 500: ${text.slice(0, 200)}`);
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
    return [...wrong, ...(await this.wrongReaders(winners.at(-1)!.position)), ...(await this.unequal())];
  }

  private async wrongReaders(position: number): Promise<string[]> {
    const end = performance.now() + backWithinMs;
    const wrong: string[] = [];
    for (const { app } of this.slots.filter(({ name }) => name === 'reader-api')) {
      const at = async () => {
        const response = await fetch(new URL(`/stories/${story}`, app!.url)).catch(() => undefined);
        return response?.ok ? ((await response.json()) as { readonly position: number }).position : 0;
      };
      let seen = await at();
      for (; seen < position && performance.now() < end; seen = await at()) await sleep(100);
      if (seen < position) wrong.push(`readers see position ${seen} of ${position}`);
    }
    return wrong;
  }

  private async unequal(): Promise<string[]> {
    const { code, out, err } = await audit(this.newsroom, 'verify').ended;
    return code === 0 ? [] : [`audit verify ended with ${code}: ${(out + err).slice(-500)}`];
  }
}

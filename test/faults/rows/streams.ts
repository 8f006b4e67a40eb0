import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../harness/client.js';
import { TestNewsroom } from '../../harness/newsroom.js';
import { Follower } from '../follower.js';
import type { Found, Report, Row } from '../row.js';
import { Slot } from '../slot.js';

const story = 'crowd';
const streamsOf = { short: 500, long: 5_000 };
/** Of so many readers one never reads what it is sent. */
const deafOneIn = 20;
/** Posts while the readers are away, and after most are back. */
const posts = 5;
/** All readers must have everything this long after the process is back. */
const backWithinMs = 120_000;

/** A reader who asks for the stream and reads none of it. */
function deaf(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  socket.write(`GET /stories/${story}/live HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  return socket;
}

/** The readers of one reader-api, which is killed and started again. */
class Crowd {
  readonly slot: Slot;
  readonly #positions: number[] = [];
  #followers: readonly Follower[] = [];
  #deaf: readonly Socket[] = [];

  constructor(
    newsroom: TestNewsroom,
    private readonly editor: Client,
    private readonly size: number,
  ) {
    this.slot = new Slot('reader-api', newsroom.envOf('reader-api'));
  }

  async open(): Promise<void> {
    const opened = await this.editor.post('/stories', { id: story, title: 'Crowd', zone: 'UTC' });
    if (opened.status !== 201) throw new Error(`The story could not be opened: ${opened.text}`);
    await this.slot.start();
    const live = () => this.slot.url && new URL(`/stories/${story}/live`, this.slot.url).href;
    this.#followers = Array.from({ length: this.size }, () => new Follower(live));
    await this.#until(() => this.#followers.every(({ from }) => from !== undefined), 'Not all readers were let in');
  }

  /** Everybody is cut off, misses posts, and comes back at once. Resolves to the milliseconds until the last one had everything. */
  async cut({ line }: Report): Promise<number> {
    for (const socket of this.#deaf) socket.destroy();
    await this.slot.kill();
    await this.#post();
    await this.slot.start();
    const from = performance.now();
    this.#deaf = Array.from({ length: this.size / deafOneIn }, () => deaf(this.slot.url!));
    await this.#post();
    const last = this.#positions.at(-1);
    const isBack = ({ positions }: Follower) => positions.at(-1) === last;
    await this.#until(() => this.#followers.every(isBack), 'Not all readers came back').catch((error: Error) =>
      line(`${error.message}: ${this.#followers.filter(isBack).length} of ${this.size} are`),
    );
    return performance.now() - from;
  }

  wrong = (): string[] => this.#followers.flatMap(follower => follower.wrongAgainst(this.#positions));

  get connections(): number {
    return this.#followers.reduce((sum, { connections }) => sum + connections, 0);
  }

  async close(): Promise<void> {
    for (const socket of this.#deaf) socket.destroy();
    await Promise.all(this.#followers.map(follower => follower.close()));
    await this.slot.kill();
  }

  async #post(): Promise<void> {
    for (let number = 0; number < posts; number++) {
      const content = { kind: 'update', body: `The crowd moves: ${this.#positions.length}.` };
      const { status, body, text } = await this.editor.post(`/stories/${story}/developments`, { content });
      if (status !== 201) throw new Error(`A post was answered ${status}: ${text}`);
      this.#positions.push((body as { readonly position: number }).position);
    }
  }

  async #until(isSo: () => boolean, otherwise: string): Promise<void> {
    for (const end = performance.now() + backWithinMs; !isSo(); await sleep(50))
      if (performance.now() > end) throw new Error(`${otherwise} within ${backWithinMs} ms`);
  }
}

export const streams: Row = {
  name: 'streams',
  fault: `${streamsOf.short} live streams (${streamsOf.long} in a long run), all cut at once by kill -9 of the reader-api and connecting again at once, beside readers that never read`,
  invariant: 'no reader misses a change, or gets one twice or out of order',
  unit: 'time',
  short: 1,
  long: 20,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const most = String(2 * streamsOf.long);
    const env = { LIVE_STREAMS: most, LIVE_STREAMS_PER_ADDRESS: most, REQUESTS_PER_MINUTE: '0' };
    const newsroom = await TestNewsroom.open({ reader: false, env });
    const crowd = new Crowd(newsroom, await newsroom.as(['editor']), streamsOf[report.scale]);
    let ran = 0;
    try {
      await crowd.open();
      for (; ran < tries && !report.signal.aborted; ran++) {
        const ms = Math.round(await crowd.cut(report));
        report.line(`${ran + 1} of ${tries}: all had everything ${ms} ms after the process was back`);
      }
      return { tries: ran, violations: crowd.wrong(), figures: { streams: crowd.connections } };
    } finally {
      await crowd.close();
      await newsroom.close();
    }
  },
};

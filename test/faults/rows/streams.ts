import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../harness/client.js';
import { TestNewsroom } from '../../harness/newsroom.js';
import { Follower } from '../follower.js';
import type { Found, Row } from '../row.js';
import { Slot } from '../slot.js';
import { wrongReaders } from '../storm-checks.js';

const story = 'crowd';
const streamsOf = { short: 500, long: 5_000 };
/** Of so many readers one never reads what it is sent. */
const deafOneIn = 20;
/** Posts while the readers are away, and after most are back. */
const posts = 5;
/** All readers must have everything this long after the process is back. The last of 5,000 needed 98 seconds on a busy machine. */
const backWithinMs = 240_000;

/** A story that is longer than what the kernel keeps for a connection: 4 MB when this was written. */
const long = { story: 'long', posts: 300, atOnce: 10, body: 'The crowd moves. '.repeat(2_600), bytes: 13_000_000 };
const deafToLong = 10;
/** How long a connection may accept nothing, and when each such reader must be cut off. */
const slow = { ms: 3_000, overWithinMs: 60_000 };

/** A reader who asks for a stream and reads none of it. */
function deaf(url: string, stream = `${story}/live`): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  socket.write(`GET /stories/${stream} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  return socket;
}

/** What is wrong when readers ask for all of a long story and do not read it. A reader-api must cut each of them off. */
async function wrongWithDeaf(newsroom: TestNewsroom, editor: Client): Promise<string[]> {
  let position = 0;
  const post = async (path: string, body: object) => {
    const answer = await editor.post(path, body);
    if (answer.status !== 201) throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
    position = Math.max(position, (answer.body as { readonly position: number }).position);
  };
  await post('/stories', { id: long.story, title: 'Long', zone: 'UTC' });
  const first = position;
  const update = (number: number) => ({ content: { kind: 'update', body: `${long.body}${number}` } });
  for (let sent = 0; sent < long.posts; sent += long.atOnce)
    await Promise.all(
      Array.from({ length: long.atOnce }, (_, at) => post(`/stories/${long.story}/developments`, update(sent + at))),
    );
  const slot = new Slot('reader-api', { ...newsroom.envOf('reader-api'), SLOW_READER_MS: String(slow.ms) });
  const sockets: Socket[] = [];
  const odd = new Set<string>();
  try {
    await slot.start();
    const late = await wrongReaders([slot], long.story, position, odd);
    if (late.length > 0) return late;
    const asked = `${long.story}/live?after=${first}`;
    sockets.push(...Array.from({ length: deafToLong }, () => deaf(slot.url!, asked)));
    await sleep(slow.overWithinMs);
    // Only now do they read. A connection that was cut off ends after what the kernel kept of it.
    const wrong = await Promise.all(sockets.map(wrongOfDeaf));
    // A process that ended has closed all connections too.
    return [...wrong.flatMap(why => why ?? []), ...(await wrongReaders([slot], long.story, position, odd)), ...odd];
  } finally {
    for (const socket of sockets) socket.destroy();
    await slot.kill();
  }
}

/** Reads what a connection still has. Resolves to what is wrong with how it ends. */
async function wrongOfDeaf(socket: Socket): Promise<string | undefined> {
  let [bytes, head] = [0, ''];
  socket.on('data', (data: Buffer) => {
    if (bytes === 0) head = data.toString('latin1', 0, 12);
    bytes += data.length;
  });
  const closed = new Promise<boolean>(resolve => socket.once('close', () => resolve(true)));
  socket.resume();
  const isClosed = await Promise.race([closed, sleep(slow.overWithinMs, false, { ref: false })]);
  if (head !== 'HTTP/1.1 200') return `a reader that never reads was answered: ${head}`;
  if (!isClosed)
    return `a reader that read nothing for ${slow.overWithinMs} ms was not cut off, and got ${bytes} bytes`;
  return bytes < long.bytes ? undefined : `a reader that never reads got all ${bytes} bytes`;
}

/** The readers of one reader-api, which is killed and started again. */
class Crowd {
  readonly slot: Slot;
  readonly #positions: number[] = [];
  #followers: readonly Follower[] = [];
  #deaf: readonly Socket[] = [];
  readonly #late: string[] = [];

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
  async cut(): Promise<number> {
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
      this.#late.push(`${error.message}: ${this.#followers.filter(isBack).length} of ${this.size} are`),
    );
    return performance.now() - from;
  }

  wrong = (): string[] => [
    ...this.#late,
    ...this.#followers.flatMap(follower => follower.wrongAgainst(this.#positions)),
  ];

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
  invariant:
    'no reader misses a change, or gets one twice or out of order; a reader that never reads a long story is cut off',
  unit: 'time',
  short: 1,
  long: 20,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const unlimited = { WRITES_PER_MINUTE: '0', STORY_WRITES_PER_MINUTE: '0', REQUESTS_PER_MINUTE: '0' };
    const most = String(2 * streamsOf.long);
    const env = { LIVE_STREAMS: most, LIVE_STREAMS_PER_ADDRESS: most, ...unlimited };
    const newsroom = await TestNewsroom.open({ reader: false, env });
    const editor = await newsroom.as(['editor']);
    const crowd = new Crowd(newsroom, editor, streamsOf[report.scale]);
    const { violations } = report;
    let ran = 0;
    try {
      violations.push(...(await wrongWithDeaf(newsroom, editor)));
      await crowd.open();
      for (; ran < tries && !report.signal.aborted; ran++) {
        const ms = Math.round(await crowd.cut());
        report.line(`${ran + 1} of ${tries}: all had everything ${ms} ms after the process was back`);
      }
      violations.push(...crowd.wrong());
      return { tries: ran, violations, figures: { streams: crowd.connections } };
    } finally {
      await crowd.close();
      await newsroom.close();
    }
  },
};

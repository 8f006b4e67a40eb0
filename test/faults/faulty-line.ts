import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './simulator/random.js';

/** What a line can do to the bytes between a client and a server. */
export const lineFaults = ['latency', 'resets', 'black hole', 'half-open', 'one byte at a time'] as const;
export type LineFault = (typeof lineFaults)[number];

/** Each piece of bytes comes this much later. */
const latencyMs = { least: 50, most: 400 };
/** A connection made among resets, or among connections that end on one side, lives this long. */
const lifeMs = { least: 50, most: 1_000 };

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** The server has forgotten the connection, and the client does not know it. */
  isHalfOpen: boolean;
}

/**
 * A proxy between clients and a local server, which disturbs what it carries. No npm package that is kept up to date does this
 * without a program of its own beside it.
 */
export class FaultyLine {
  #fault: LineFault | undefined;
  #healed = Promise.withResolvers<void>();
  readonly #pairs = new Set<Pair>();
  readonly #server = createServer(near => this.#join(near));
  #target = { host: '127.0.0.1', port: 0 };
  /** How many connections it has reset or left half-open. */
  broken = 0;

  private constructor(private readonly random: Random) {}

  /** A line to `target`, given as `host:port`. Without one, `lead` must give it before anything connects. */
  static async open(random: Random, target?: string): Promise<FaultyLine> {
    const line = new FaultyLine(random);
    if (target) line.lead(target);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  /** Where it listens, as `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get hasFault(): boolean {
    return this.#fault !== undefined;
  }

  /** New connections go to this server, given as `host:port`. */
  lead(target: string): void {
    const [host, port] = target.split(':');
    this.#target = { host: host!, port: Number(port) };
  }

  begin(fault: LineFault): void {
    this.#fault = fault;
    this.#healed = Promise.withResolvers();
    for (const pair of this.#pairs) this.#break(pair);
  }

  /** Ends the fault. Held bytes arrive, as they do when a network sends them again. Half-open connections stay so. */
  heal(): void {
    this.#fault = undefined;
    this.#healed.resolve();
  }

  async close(): Promise<void> {
    this.heal();
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.destroy();
    await closed;
  }

  #join(near: Socket): void {
    const far = connect(this.#target.port, this.#target.host);
    const pair: Pair = { near, far, isHalfOpen: false };
    this.#pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
    }
    near.on('close', () => {
      this.#pairs.delete(pair);
      far.destroy();
    });
    far.on('close', () => pair.isHalfOpen || near.destroy());
    void this.#carry(near, far, pair).catch(() => near.destroy());
    void this.#carry(far, near, pair).catch(() => pair.isHalfOpen || near.destroy());
    if (this.#fault === 'resets' || this.#fault === 'half-open')
      setTimeout(() => this.#break(pair), this.random.between(lifeMs.least, lifeMs.most));
  }

  #break(pair: Pair): void {
    if (this.#fault !== 'resets' && this.#fault !== 'half-open') return;
    if (pair.near.destroyed || pair.isHalfOpen) return;
    this.broken++;
    pair.isHalfOpen = this.#fault === 'half-open';
    pair.far.resetAndDestroy();
    if (!pair.isHalfOpen) pair.near.resetAndDestroy();
  }

  async #carry(from: Socket, to: Socket, pair: Pair): Promise<void> {
    for await (const bytes of from as AsyncIterable<Buffer>) {
      if (this.#fault === 'black hole') await this.#healed.promise;
      if (pair.isHalfOpen) {
        // A server that has started again resets what it does not know; while the network is cut, nobody answers.
        if (this.#fault === undefined) pair.near.resetAndDestroy();
        continue;
      }
      if (this.#fault === 'latency') await sleep(this.random.between(latencyMs.least, latencyMs.most));
      if (this.#fault === 'one byte at a time')
        for (const byte of bytes) {
          to.write(Buffer.of(byte));
          await nextTurn();
        }
      else if (!to.write(bytes)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
    to.end();
  }
}

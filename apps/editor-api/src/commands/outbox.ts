import type { AppendOutcome, BatchAppender, NewRecord } from '#event-log';
import { chainedAtOnce, type Chains, type Identified, type Link } from './chains.js';
import { Uses } from './uses.js';
import type { WriteModel } from './write-model.js';

/** A command that waits until it is decided and sent. */
export interface Turn {
  readonly stream: string;
  /** See `ownKey`. */
  readonly own: string;
  /** Decides the command on the state that its record would follow, and returns the record. Undefined if there is none to send. */
  readonly decide: (tip: WriteModel) => Identified | undefined;
}

/**
 * The result of a turn. `late`: the time was over before the command was decided. `sending`: its record leaves now; `sent` is the log's
 * answer. `decided`: there is no record to send; the decision depends on the record `behind`, if any, which has not settled.
 */
export type Place =
  | { readonly turn: 'late' }
  | { readonly turn: 'sending'; readonly link: Link; readonly sent: Promise<AppendOutcome> }
  | { readonly turn: 'decided'; readonly behind: Link | undefined };

/** The state that the outbox decides on, and the callbacks for each record. */
export interface Speculation {
  view(): WriteModel;
  readonly nextOffset: number;
  /** Whether commands may be decided on the state now. Call `wake` when they may again. */
  readonly mayDecide: boolean;
  chainsOf(stream: string): Chains;
  /** The stream's records that may still win, if there are any. */
  chainsNow(stream: string): Chains | undefined;
  /** Adds copies of the stream's records in doubt, and returns them. */
  copies(stream: string): readonly Link[];
  /** Called when a record leaves. */
  sending(link: Link): void;
  /** Called with the log's answer to records that left together. */
  answered(links: readonly Link[], outcome: AppendOutcome): void;
}

/** The most records that leave in one request. */
export const recordsTogether = 100;
/** The most bytes that leave in one request, unless one record alone has more. A topic takes 1 MiB. */
export const bytesTogether = 512 * 1024;

const bytesOf = ({ key, headers, value }: NewRecord) =>
  Object.entries(headers).reduce((sum, [name, text = '']) => sum + name.length + text.length + 10, key.length + 50) +
  value.length;

interface Waiting extends Turn {
  readonly resolve: (place: Place | Promise<never>) => void;
}

/**
 * Sends commands that wait, one request at a time. Commands that come during a request leave in the next one, and are decided only when it
 * leaves. Commands of one stream are decided in the order in which they came, each after the record before it.
 */
export class Outbox {
  /** By stream. The first stream is served first. */
  private readonly waiting = new Map<string, Waiting[]>();
  /** Streams that send nothing for a moment, because others were faster or an answer is missing. */
  private readonly resting = new Uses();
  /** Streams of which copies are sent, also if no command waits. */
  private readonly copying = new Set<string>();
  private isBusy = false;

  constructor(
    private readonly state: Speculation,
    private readonly appender: Pick<BatchAppender, 'appendTogether'>,
  ) {}

  /** How many commands wait. */
  get size(): number {
    return [...this.waiting.values()].reduce((size, { length }) => size + length, 0);
  }

  /** Resolves when the command was decided, or after `timeoutMs` milliseconds. */
  turn(turn: Turn, timeoutMs: number): Promise<Place> {
    const { promise, resolve } = Promise.withResolvers<Place>();
    const timer = setTimeout(() => this.giveUp(waiting), timeoutMs);
    const waiting: Waiting = { ...turn, resolve: place => (clearTimeout(timer), resolve(place)) };
    const others = this.waiting.get(turn.stream);
    if (others) others.push(waiting);
    else this.waiting.set(turn.stream, [waiting]);
    this.wake();
    return promise;
  }

  /** Sends nothing of the stream until `over` resolves. */
  rest(stream: string, over: Promise<unknown>): void {
    this.resting.begin(stream);
    const go = () => {
      this.resting.end(stream);
      this.wake();
    };
    over.then(go, go);
  }

  /** Sends copies of the stream's records in doubt. */
  sendCopies(stream: string): void {
    this.copying.add(stream);
    this.wake();
  }

  /** Call when a chain has become shorter: more commands may leave now. */
  wake(): void {
    if (this.isBusy || this.waiting.size + this.copying.size === 0) return;
    this.isBusy = true;
    // Requests that arrive in the same turn of the event loop leave together.
    setImmediate(() => void this.run());
  }

  private giveUp(waiting: Waiting): void {
    const { stream } = waiting;
    const others = this.waiting.get(stream)?.filter(other => other !== waiting) ?? [];
    if (others.length > 0) this.waiting.set(stream, others);
    else this.waiting.delete(stream);
    waiting.resolve({ turn: 'late' });
  }

  private async run(): Promise<void> {
    for (let links = this.decide(); links.length > 0; links = this.decide()) await this.send(links);
    this.isBusy = false;
  }

  /** Decides what may be sent now. */
  private decide(): Departure[] {
    const leaving: Departure[] = [];
    if (!this.state.mayDecide) return leaving;
    for (const stream of new Set([...this.copying, ...this.waiting.keys()])) {
      if (this.resting.has(stream)) continue;
      // All copies of a stream leave together, before commands that are decided after them.
      const room = recordsTogether - leaving.length;
      if (room < chainedAtOnce && this.state.chainsNow(stream)?.isInDoubt) continue;
      this.copying.delete(stream);
      leaving.push(...this.copies(stream));
      this.decideWaiting(stream, leaving);
      if (leaving.length === recordsTogether) break;
    }
    return leaving;
  }

  private copies(stream: string): Departure[] {
    let links: readonly Link[] = [];
    try {
      links = this.state.copies(stream);
    } catch {
      // The state is on a disk, which may fail. They are sent later.
    }
    for (const link of links) this.state.sending(link);
    return links.map(link => ({ link, answer: () => undefined }));
  }

  private decideWaiting(stream: string, leaving: Departure[]): void {
    const waiting = this.waiting.get(stream);
    if (!waiting) return;
    const chains = this.state.chainsOf(stream);
    while (waiting.length > 0 && !chains.isFull && leaving.length < recordsTogether) {
      const departure = this.decideOne(waiting.shift()!, chains);
      if (departure) leaving.push(departure);
    }
    this.waiting.delete(stream);
    // The next request begins with the streams that this one did not serve.
    if (waiting.length > 0) this.waiting.set(stream, waiting);
  }

  private decideOne({ own, decide, resolve }: Waiting, chains: Chains): Departure | undefined {
    const { nextOffset } = this.state;
    let link: Link;
    // The state is on a disk, which may fail.
    try {
      const tip = chains.tip(this.state.view(), nextOffset);
      const behind = chains.last;
      const record = decide(tip);
      if (!record) {
        resolve({ turn: 'decided', behind });
        return undefined;
      }
      link = chains.add(own, record, tip, nextOffset);
    } catch (error) {
      resolve(Promise.reject(error as Error));
      return undefined;
    }
    this.state.sending(link);
    const { promise: sent, resolve: answer } = Promise.withResolvers<AppendOutcome>();
    resolve({ turn: 'sending', link, sent });
    return { link, answer };
  }

  /** A record names the one before it as its parent, so it may leave only after that one has certainly left. */
  private async send(leaving: readonly Departure[]): Promise<void> {
    let outcome: AppendOutcome = 'sent';
    for (const part of inRequests(leaving)) {
      const records = part.map(({ link }) => link.record);
      outcome = outcome === 'sent' ? await this.appender.appendTogether(records) : 'not-sent';
      this.state.answered(
        part.map(({ link }) => link),
        outcome,
      );
      for (const { answer } of part) answer(outcome);
    }
  }
}

interface Departure {
  readonly link: Link;
  readonly answer: (outcome: AppendOutcome) => void;
}

/** Divides records into requests of at most `bytesTogether` bytes. */
function inRequests(leaving: readonly Departure[]): Departure[][] {
  const requests: Departure[][] = [];
  let bytes = Infinity;
  for (const departure of leaving) {
    const more = bytesOf(departure.link.record);
    if (bytes + more > bytesTogether) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)!.push(departure);
    bytes += more;
  }
  return requests;
}

import { encode, handedOverAtOnce, LogError, root, type AppendOutcome, type BatchAppender } from '#event-log';
import type { LogReader, LogRecord, NewRecord } from '#event-log';
import type { DomainEvent } from '#domain';
import { createHash } from 'node:crypto';
import type { Random } from './random.js';
import { current, ownerNow, world, type Owner } from './scheduler.js';
import { headsOf, winnersOf } from './arbiter.js';

/** How often the network fails, from 0 to 1. */
export interface NetworkFaults {
  /** A request never arrives, or late, or its answer is lost, or it arrives twice, or the log loses what it acknowledged. */
  readonly sends: number;
  /** A reader gets nothing for a while. */
  readonly stalls: number;
  /** The log does not tell where it ends. */
  readonly bounds: number;
  /** Another process is faster than a request. */
  readonly rivals: number;
}

const timeoutMs = 300;
const trip = { least: 0.1, most: 3 };

/** A log behind a network. What was appended together arrives in a row, or not at all; all else goes wrong. */
export class Broker {
  records: LogRecord[] = [];
  first = 0;
  /** Requests that may still arrive. */
  inFlight = 0;
  /** When each commit was first sent, and by which process. */
  readonly sent = new Map<string, { readonly by: Owner; readonly at: number }>();
  /** The ids of commits of a process that is not simulated. It is faster than the others, and changes nothing that they decide on. */
  readonly rivals = new Set<string>();
  /** The ids of commits that nobody can read. */
  readonly forged = new Set<string>();
  #waiting = new Set<() => void>();

  constructor(
    readonly random: Random,
    public faults: NetworkFaults,
  ) {}

  appender(): BatchAppender {
    let isClosed = false;
    const appendTogether = async (records: readonly NewRecord[]): Promise<AppendOutcome> =>
      isClosed ? 'not-sent' : this.#request(records);
    return { append: record => appendTogether([record]), appendTogether, close: async () => void (isClosed = true) };
  }

  reader(): LogReader {
    const closing = new AbortController();
    return {
      read: (from, onBatch, signal) => this.#read(from, onBatch, AbortSignal.any([signal, closing.signal])),
      bounds: () => this.#bounds(),
      close: async () => closing.abort(),
    };
  }

  arrive(records: readonly Omit<NewRecord, 'key'>[]): void {
    for (const { headers, value } of records) this.records.push({ offset: this.records.length, headers, value });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Writes a record of a kind that no version of ours writes. */
  forge(kind: Forgery): void {
    const { random } = this;
    const heads = headsOf(this.records);
    const streams = [...heads.keys()].filter(stream => stream.startsWith('story:'));
    const stream = streams.length > 0 ? random.pick(streams) : 'story:a';
    const parent = heads.get(stream) ?? heads.get('log') ?? root;
    const last = this.records.findLast(({ headers }) => headers.ce_subject === stream) ?? this.records.at(-1);
    if (!last) return;
    const id = createHash('sha256').update(`${this.records.length} ${random.next()}`).digest('hex');
    const due = winnersOf(this.records).findLast(winner => winner.stream === stream)?.seq ?? 0;
    const seq = random.chance(0.5) ? { ce_seq: String(due + 1) } : {};
    const headers = { ...last.headers, ...seq, ce_id: id, ce_parent: parent, ce_subject: stream };
    const value = Uint8Array.from(last.value);
    const forged = {
      unreadable: { headers, value },
      'no-parent': { headers: { ...headers, ce_parent: undefined }, value },
      'no-id': { headers: { ...headers, ce_id: 'none' }, value },
      'its-own-parent': { headers: { ...headers, ce_id: parent }, value },
      'second-genesis': { headers: { ...headers, ce_parent: root, ce_subject: 'log' }, value },
      'foreign-parent': { headers: { ...headers, ce_parent: id.replace(/^./, '0'), ce_id: id }, value },
      again: { headers: last.headers, value },
    } satisfies Record<Forgery, unknown>;
    if (kind === 'unreadable') this.forged.add(id);
    this.arrive([forged[kind]]);
    if (kind === 'unreadable') this.#goOn(stream, random.between(0, 1_500));
  }

  /** A process of a later version can read every commit of a stream, and writes another one behind it. */
  #goOn(stream: string, inMs: number): void {
    this.inFlight++;
    const go = () => {
      this.inFlight--;
      this.#winAsRival(stream);
    };
    current().after(inMs, go, world);
  }

  #request(records: readonly NewRecord[]): Promise<AppendOutcome> {
    const { random, faults } = this;
    const now = { by: ownerNow(), at: current().now };
    for (const { headers } of records) if (!this.sent.has(headers.ce_id!)) this.sent.set(headers.ce_id!, now);
    const [there, back] = [random.between(trip.least, trip.most), random.between(trip.least, trip.most)];
    if (!random.chance(faults.sends)) return this.#sent(records, [there], 'sent', there + back);
    const late = random.between(10, 1_500);
    switch (random.below(7)) {
      case 0:
        return this.#sent(records, [], 'not-sent', there);
      case 1:
        return this.#sent(records, [], 'unknown', timeoutMs);
      case 2:
        return this.#sent(records, [there], 'unknown', timeoutMs);
      case 3:
        return this.#sent(records, [late], 'unknown', Math.min(late, timeoutMs) + back);
      case 4:
        return this.#sent(records, [there, there + late], 'sent', there + back);
      case 5:
        return this.#sent(records, [there, late], 'unknown', timeoutMs);
      // Brokers have been seen to acknowledge a record and then lose it.
      default:
        return this.#sent(records, [], 'sent', there + back);
    }
  }

  #sent(records: readonly NewRecord[], arrivals: readonly number[], outcome: AppendOutcome, answered: number) {
    const scheduler = current();
    for (const arrival of arrivals) {
      this.inFlight++;
      const arrive = () => {
        this.inFlight--;
        if (this.random.chance(this.faults.rivals)) this.#overtake(records[0]!);
        this.arrive(records);
      };
      scheduler.after(arrival, arrive, world);
    }
    const { promise, resolve } = Promise.withResolvers<AppendOutcome>();
    scheduler.after(answered, () => resolve(outcome));
    return promise;
  }

  /** Another process wins in place of the first of these records. */
  #overtake({ key: stream, headers }: NewRecord): void {
    if (headsOf(this.records).get(stream) === headers.ce_parent) this.#winAsRival(stream);
  }

  #winAsRival(stream: string): void {
    const head = winnersOf(this.records).findLast(winner => winner.stream === stream);
    if (!head) return;
    const command = `rival-${this.records.length}`;
    const defaults = {
      sourcing: { basis: 'official', standing: 'confirmed' },
      modality: { mode: 'asserted' },
    } as const;
    const events: DomainEvent[] = [{ type: 'PostingDefaultsSet', data: defaults }];
    const at = { stream, seq: head.seq + 1, parent: head.id };
    const recorded = new Date().toISOString();
    const record = encode({
      ...at,
      source: 'urn:simulated',
      recorded,
      command,
      commandHash: command,
      by: { id: 'rival' },
      events,
    });
    this.rivals.add(record.id);
    this.arrive([record]);
  }

  async #bounds(): Promise<{ first: number; next: number }> {
    const { random } = this;
    await current().sleep(random.between(trip.least, trip.most));
    const bounds = { first: this.first, next: this.records.length };
    await current().sleep(random.between(trip.least, trip.most));
    if (random.chance(this.faults.bounds)) throw new LogError('log-unreachable');
    return bounds;
  }

  async #read(from: number, onBatch: (records: readonly LogRecord[]) => Promise<void>, stop: AbortSignal) {
    const { random } = this;
    const owner = ownerNow();
    for (let next = from; !stop.aborted;) {
      if (this.first > 0) throw new LogError('log-truncated');
      if (this.records.length < next) throw new LogError('log-gone-back');
      const most = random.chance(0.5) ? handedOverAtOnce : 1 + random.below(5);
      const batch = this.records.slice(next, next + most);
      if (batch.length > 0) {
        await current().sleep(
          random.chance(this.faults.stalls) ? random.between(20, 800) : random.between(trip.least, trip.most),
        );
        if (stop.aborted) return;
        await onBatch(batch);
      } else {
        await new Promise<void>(resolve => {
          const wake = () => void current().after(0, resolve, owner);
          this.#waiting.add(wake);
          stop.addEventListener('abort', wake, { once: true });
        });
      }
      next += batch.length;
    }
  }
}

/** Records that nobody of ours writes. Only the first kind wins: nobody can read it, so its stream is quarantined. */
export const forgeries = [
  'unreadable',
  'no-parent',
  'no-id',
  'its-own-parent',
  'second-genesis',
  'foreign-parent',
  'again',
] as const;
export type Forgery = (typeof forgeries)[number];

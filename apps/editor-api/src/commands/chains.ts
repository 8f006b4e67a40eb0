import { copyOf, decode, headOf, type Decoded, type LogRecord, type NewRecord } from '#event-log';
import { applyRecord, type CommitSummary, type WriteModel } from './write-model.js';

/** A record with the id of its commit. */
export type Identified = NewRecord & { readonly id: string };

/**
 * The fate of a record. `lost`: another record won in its place, so it can never win; `since` is the last head before that record. `void`:
 * the log holds it, and its parent is not the head there; a later copy of it may still win. `not-sent`: it never left this process.
 */
export type Fate =
  | { readonly fate: 'won'; readonly commit: CommitSummary }
  | { readonly fate: 'lost'; readonly since: string }
  | { readonly fate: 'void' | 'not-sent' };

/**
 * Decodes a record that becomes part of several states: only the first time. If it wins, it does so after its parent, so all but its
 * position in the log is the same each time.
 */
function decodedOnce(): typeof decode {
  let known: Decoded | undefined;
  return (headers, value, verdict) => {
    known ??= decode(headers, value, verdict);
    return 'commit' in known ? { commit: { ...known.commit, position: verdict.position } } : known;
  };
}

/** A record that this process sends, whose parent is the head of the stream, or another such record. */
export class Link {
  readonly #end = Promise.withResolvers<Fate>();
  readonly settled: Promise<Fate> = this.#end.promise;
  /** Decodes this record, and no other. */
  readonly decoding = decodedOnce();
  #after: WriteModel | undefined;

  constructor(
    /** See `ownKey`. */
    readonly own: string,
    readonly record: Identified,
    /** The state that it was decided on. */
    public before: WriteModel,
    private nextOffset: number,
    /** The record that this one is a copy of. */
    readonly original?: Link,
  ) {}

  /** When its command was first recorded: ISO 8601, UTC, milliseconds. */
  get since(): string {
    return (this.original ?? this).record.headers.ce_time!;
  }

  /**
   * The state after the record, where it follows `before`. Computed when it is first needed: most records settle before another one of their
   * stream is decided, and the state of the log has changed by then.
   */
  get after(): WriteModel {
    return (this.#after ??= applyRecord(this.before, { ...this.record, offset: this.nextOffset }, this.decoding));
  }

  /** Applies the record to another state. Returns the state after it. */
  follow(before: WriteModel, nextOffset: number): WriteModel {
    [this.before, this.nextOffset, this.#after] = [before, nextOffset, undefined];
    return this.after;
  }

  /** Whether a record of the log is this one, byte for byte. */
  equals({ headers, value }: LogRecord): boolean {
    const { headers: ours, value: sent } = this.record;
    const names = Object.keys(headers);
    const same = names.length === Object.keys(ours).length && names.every(name => headers[name] === ours[name]);
    return same && Buffer.compare(value, sent) === 0;
  }

  end(fate: Fate): void {
    this.#end.resolve(fate);
  }
}

/** Finds the commit by its id, because another command with the same key may have won on another stream meanwhile. */
function commitWithId({ commands, recent }: WriteModel, stream: string, own: string, id: string) {
  const known = commands.get(own);
  return known?.id === id ? known : recent.get(stream)?.findLast(commit => commit.id === id);
}

/**
 * For how long records are sent again after they were first recorded, in milliseconds. A person who signed must have done so about when the
 * command was recorded (`mostSkewMs`), and a post from long ago may no longer be wanted.
 */
export const resentForMs = 240_000;

const isYoung = ({ since }: Link, now: string) => {
  const age = Date.parse(now) - Date.parse(since);
  return age >= 0 && age <= resentForMs;
};

/** The most records of one stream that are sent before the first of them has settled. */
export const chainedAtOnce = 64;

/**
 * The records of one stream that this process has sent and that may still win. They form chains: the parent of a chain's first record is the
 * stream's head, and the parent of each other record is the record before it. While all records of the last chain are expected to win, the
 * chain is whole, and new commands are decided on the state after it. No command is recorded twice: two chains begin after the same head, so
 * only one of them can win, and within a chain the state knows each command that the chain holds.
 */
export class Chains {
  private readonly chains: Link[][] = [];
  private whole: Link[] | undefined;
  /** After a loss one record is sent at a time, and one more for each that wins, so that few records are void while other processes are faster. */
  private limit = chainedAtOnce;
  /** How many times in a row a record of another process won instead. */
  losses = 0;

  constructor(private readonly stream: string) {}

  /** How many records may still win. */
  get size(): number {
    return this.chains.reduce((size, { length }) => size + length, 0);
  }

  get isFull(): boolean {
    return (this.whole?.length ?? 0) >= this.limit;
  }

  /** Whether it is unknown if the log has some of these records, or copies of them. */
  get isInDoubt(): boolean {
    return this.chains.some(chain => chain !== this.whole || chain.some(({ original }) => original));
  }

  /** The record after which new commands are decided. Undefined if they are decided on the settled state. */
  get last(): Link | undefined {
    return this.whole?.at(-1);
  }

  /** The state that a new command is decided on. `settled`: what the log holds. */
  tip(settled: WriteModel, nextOffset: number): WriteModel {
    if (!this.whole || this.whole[0]!.before === settled) return this.last?.after ?? settled;
    // Commits of other streams came meanwhile.
    let state = settled;
    for (const link of this.whole) state = link.follow(state, nextOffset);
    return state;
  }

  /**
   * The most records of one chain that may be copied, from its first one on. Commands that came after a doubt were added to copies of the
   * first ones, so it mostly holds what the other chains do.
   */
  private longest(settled: WriteModel, now: string): readonly Link[] {
    const mayBeCopied = (link: Link) => isYoung(link, now) && !settled.commands.has(link.own);
    const parts = this.chains.map(chain => {
      const end = chain.findIndex(link => !mayBeCopied(link));
      return end < 0 ? chain : chain.slice(0, end);
    });
    return parts.reduce((one, other) => (other.length > one.length ? other : one), []);
  }

  /** Adds a record that was decided on `tip`. */
  add(own: string, record: Identified, tip: WriteModel, nextOffset: number): Link {
    const link = new Link(own, record, tip, nextOffset);
    if (this.whole) this.whole.push(link);
    else this.chains.push((this.whole = [link]));
    return link;
  }

  /**
   * Adds copies of the records in doubt, recorded `now`, and returns them. New commands are decided after them. Their chain begins after the
   * stream's head, as the first one does, so only one of the two can win. Adds none while a chain is whole, and none of a command that is too
   * old, or that has won on another stream.
   */
  addCopies(settled: WriteModel, nextOffset: number, now: string): readonly Link[] {
    const copies: Link[] = [];
    for (const link of this.whole ? [] : this.longest(settled, now)) {
      const before = copies.at(-1);
      const record = copyOf(link.record, before?.record.id ?? link.record.headers.ce_parent!, now);
      copies.push(new Link(link.own, record, before?.after ?? settled, nextOffset, link.original ?? link));
    }
    if (copies.length > 0) this.chains.push((this.whole = [...copies]));
    return copies;
  }

  /** Call when copies must have settled by now: if they have not, they are in doubt as well. */
  doubtCopies(): void {
    if (this.whole?.[0]?.original) this.whole = undefined;
  }

  /** Applies a record of the log. If it is the next one of ours, it is not decoded again, and where it follows the expected state, not applied again. */
  apply(settled: WriteModel, record: LogRecord): WriteModel {
    const next = this.whole?.[0];
    if (next?.record.id !== record.headers.ce_id || !next?.equals(record)) return applyRecord(settled, record);
    return next.before === settled ? next.after : applyRecord(settled, record, next.decoding);
  }

  /** Takes in a record of the stream that the log holds. `after`: the state after it, if it won. Returns the records that can no longer win. */
  read(id: string, after: WriteModel | undefined): Link[] {
    return after ? this.won(id, after) : this.readVoid(id);
  }

  /** Takes in the whole log, which was read again from its start. Returns the records that can no longer win. */
  readAgain(log: WriteModel): Link[] {
    const over: Link[] = [];
    // Each was decided on a state of the former reading, so no command is decided after it any more.
    this.whole = undefined;
    for (const chain of [...this.chains]) {
      for (let first = chain[0]; first; first = chain[0]) {
        const commit = commitWithId(log, this.stream, first.own, first.record.id);
        if (!commit) break;
        over.push(chain.shift()!);
        first.end({ fate: 'won', commit });
      }
      const since = chain[0]?.record.headers.ce_parent;
      if (since !== undefined && since === headOf(log.arbitration, this.stream).id) continue;
      over.push(...chain);
      this.drop(chain);
      for (const link of chain) link.end({ fate: 'lost', since: since! });
    }
    return over;
  }

  /** Takes over the records of other chains of the stream. No command is decided after them. */
  adopt({ chains }: Chains): void {
    this.chains.push(...chains);
  }

  /**
   * Removes those of the records that never left this process, and returns them. No record after them was sent either. A copy stays in doubt
   * where one before it has left: its original cannot win any more then.
   */
  notSent(links: readonly Link[]): Link[] {
    const held = new Set(this.chains.flat());
    const gone = new Set(links.filter(link => held.has(link)));
    const isNeeded = ({ original }: Link, [first]: readonly Link[]) =>
      original !== undefined && (!gone.has(first!) || !held.has(original));
    for (const chain of this.chains)
      for (const copy of chain.filter(link => isNeeded(link, chain) && gone.delete(link))) this.doubt(copy);
    for (const chain of [...this.chains]) {
      const kept = chain.filter(link => !gone.has(link));
      chain.splice(0, chain.length, ...kept);
      if (chain.length === 0) this.drop(chain);
    }
    for (const link of gone) link.end({ fate: 'not-sent' });
    return [...gone];
  }

  /** Call when it is unknown whether the log has this record: no further command is decided after it. */
  doubt(link: Link): void {
    if (this.whole?.includes(link)) this.whole = undefined;
  }

  private won(id: string, after: WriteModel): Link[] {
    const over: Link[] = [];
    const isOurs = this.chains.some(([first]) => first!.record.id === id);
    for (const chain of [...this.chains]) {
      const [first] = chain;
      if (first!.record.id === id) {
        chain.shift();
        over.push(first!);
        first!.end({ fate: 'won', commit: commitWithId(after, this.stream, first!.own, id)! });
        if (chain === this.whole) [this.limit, this.losses] = [Math.min(this.limit + 1, chainedAtOnce), 0];
        if (chain.length === 0) this.drop(chain);
      } else {
        over.push(...chain);
        if (chain === this.whole && !isOurs) [this.limit, this.losses] = [1, this.losses + 1];
        this.drop(chain);
        const since = first!.record.headers.ce_parent!;
        for (const link of chain) link.end({ fate: 'lost', since });
      }
    }
    return over;
  }

  private readVoid(id: string): Link[] {
    for (const chain of this.chains) {
      const link = chain.find(({ record }) => record.id === id);
      if (!link) continue;
      this.doubt(link);
      link.end({ fate: 'void' });
    }
    return [];
  }

  private drop(chain: Link[]): void {
    this.chains.splice(this.chains.indexOf(chain), 1);
    if (chain === this.whole) this.whole = undefined;
  }
}

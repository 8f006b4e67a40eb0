import { setTimeout as sleep } from 'node:timers/promises';

/** A word that is only in drafts and in what is under embargo, so no reader may be told it. */
export const canary = 'quokkawhisper';

/** A stream on which nothing came for this long is dead; the apps send a comment every 15 seconds. */
const silenceMs = 20_000;
const retryMs = 200;
/** What each post of a storm says. */
export const wordsOf = (key: string) => `The wind turns: ${key}.`;
const worded = new RegExp(wordsOf('([0-9a-f-]{36})').replace('.', '[.]'));
/** Answers instead of a stream that faults explain: a request came too slowly, too many came, and an outage. */
export const foreseen: readonly number[] = [408, 429, 503];
/** A reader who missed more changes than this is told to load the story: the default of `LIVE_BACKLOG`. */
const backlog = 1_000;

/** A reader who follows a story's live stream, connects again whenever it ends, and notes what came. */
export class Follower {
  /** The positions of the changes that came, in the order in which they came. */
  readonly positions: number[] = [];
  /** The position at which the first stream began. */
  from: number | undefined;
  /** The keys that the words of the changes name, by position. */
  readonly #keys = new Map<number, string>();
  connections = 0;
  #isTold = false;
  /** What should not have come. */
  readonly wrong: string[] = [];
  /** Loads of the story that a `resync` event asked for: each covers the positions after the first one, up to the second one. */
  readonly #loaded: (readonly [after: number, to: number])[] = [];
  /** Those because it had missed more changes than are sent again. */
  readonly #behind: (readonly [after: number, to: number])[] = [];
  readonly #over = new AbortController();
  readonly #ended: Promise<void>;
  #last: string | undefined;

  /** `address` gives the stream's address, a different one when one does not answer; undefined while there is none. */
  constructor(
    private readonly address: () => string | undefined,
    /** Whether readers get other tables meanwhile: then they are told once, for each, to load the story again. */
    private readonly others = false,
  ) {
    this.#ended = this.#follow();
  }

  close(): Promise<void> {
    this.#over.abort();
    return this.#ended;
  }

  /** What this reader missed, or got twice, in another order or with another key than these, of the changes at these positions. */
  wrongAgainst(changes: readonly number[], keys: ReadonlyMap<number, string> = this.#keys): string[] {
    if (this.from === undefined) return ['a reader was never connected'];
    const loads = [...this.#loaded, ...this.#behind];
    const isLoaded = (position: number) => loads.some(([after, to]) => position > after && position <= to);
    const few = this.#behind
      .map(([after, to]) => changes.filter(position => position > after && position <= to).length)
      .filter(missed => missed <= backlog);
    const due = changes.filter(position => position > this.from! && !isLoaded(position));
    const got = new Set(this.positions);
    const missed = due.filter(position => !got.has(position));
    const others = this.positions.filter(position => !due.includes(position));
    const back = this.positions.filter((position, at) => at > 0 && position <= this.positions[at - 1]!);
    const reworded = this.positions.filter(position => this.#keys.get(position) !== keys.get(position));
    return [
      ...this.wrong,
      ...(this.#isTold ? ['a reader was sent what is under embargo, or a draft'] : []),
      ...few.map(missed => `a reader was told to load the story after it had missed only ${missed} changes`),
      ...(missed.length > 0 ? [`a reader missed ${missed.length} changes, first ${missed[0]}`] : []),
      ...(others.length > 0 ? [`a reader got ${others.length} changes that the log has not, first ${others[0]}`] : []),
      ...(back.length > 0 ? [`a reader got ${back.length} changes twice or late, first ${back[0]}`] : []),
      ...(reworded.length > 0
        ? [`a reader got ${reworded.length} changes with other words, first ${reworded[0]}`]
        : []),
    ];
  }

  async #follow(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const address = this.address();
      if (address) await this.#once(address).catch(() => undefined);
      await sleep(retryMs, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }

  /** Reads a stream until it ends or falls silent. */
  async #once(address: string): Promise<void> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), silenceMs);
    try {
      const response = await fetch(address, {
        headers: { Accept: 'text/event-stream', ...(this.#last && { 'Last-Event-ID': this.#last }) },
        signal: AbortSignal.any([this.#over.signal, silent.signal]),
      });
      if (response.status !== 200) {
        this.#refused(response.status, address);
        return await response.body?.cancel();
      }
      this.connections++;
      let rest = '';
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), silenceMs);
        const blocks = (rest + text).split('\n\n');
        // What a connection ends in the middle of is no event.
        rest = blocks.pop()!;
        if (blocks.join().includes(canary)) this.#isTold = true;
        for (const block of blocks) this.#take(block);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #refused(status: number, address: string): void {
    // The story may not be there before the first stream, nor in other tables.
    if (foreseen.includes(status) || (status === 404 && (this.connections === 0 || this.others))) return;
    const text = `a reader’s stream was answered ${status}: ${address}`;
    if (!this.wrong.includes(text)) this.wrong.push(text);
  }

  /** The last position that came, as a change or with a load. */
  get #at(): number {
    return Math.max(this.from ?? 0, ...[this.positions, ...this.#loaded, ...this.#behind].map(one => one.at(-1) ?? 0));
  }

  #changed(position: number, block: string): void {
    this.positions.push(position);
    const key = worded.exec(block)?.[1];
    // A copy, because a part of a string keeps the whole one in memory.
    if (key) this.#keys.set(position, Buffer.from(key).toString());
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, event] = [field('id'), field('event')];
    if (id === undefined) return;
    this.#last = id;
    if (event === 'hello') this.from ??= Number(id);
    else if (event === 'change') this.#changed(Number(id), block);
    else if (event === 'resync' && /"reason":"too-far-behind"/.test(field('data') ?? ''))
      this.#behind.push([this.#at, Number(id)]);
    else if (event === 'resync' && this.others && /"reason":"folded-anew"/.test(field('data') ?? ''))
      this.#loaded.push([this.#at, Number(id)]);
    else this.wrong.push(`a reader was told to ${event}: ${field('data')}`);
  }
}

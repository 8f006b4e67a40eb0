import { HeadWatch, LogTree, signHead, type HeadFault, type Signer } from '#bundle';
import { arbitrate, emptyLog, type LogReader, type LogRecord } from '#event-log';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownHeads } from './own.js';
import type { HeadSink } from './sink.js';

/** The inputs of `writeHeads`: the log, the key and the sink. */
export interface HeadWriting {
  readonly reader: LogReader;
  readonly sink: HeadSink;
  readonly signer: Signer;
  readonly log: { warn(message: string): void };
}

/** Minimum interval between two signed heads, in milliseconds. */
const leastMs = 1_000;
const lookAgainMs = 500;

/** The log contradicts the signed heads: it is another log, or was changed. No further head is signed. */
export class LogContradictsHeads extends Error {
  constructor({ code, detail }: HeadFault) {
    super(`The log contradicts its signed heads (${code}). ${detail} Restore the log, or set another HEADS_TO.`);
  }
}

/**
 * Reads the log from its start and compares it with the furthest head that this key signed before. Then signs a head whenever the log
 * has grown, until `signal` is aborted. Rejects with LogContradictsHeads or a LogError, or if the sink cannot be read.
 */
export async function writeHeads(it: HeadWriting, signal: AbortSignal): Promise<void> {
  const own = await ownHeads(it.sink, it.signer, signal);
  if (signal.aborted) return;
  const watch = new HeadWatch(own);
  const tree = new LogTree();
  const signing = new Signing(
    it,
    tree,
    own.reduce((furthest, { position }) => Math.max(furthest, position), 0),
  );
  const { next: end } = await it.reader.bounds();
  let [state, compared] = [emptyLog, false];
  const take = async (records: readonly LogRecord[]) => {
    for (const record of records) {
      const [next, verdict] = arbitrate(state, record.headers);
      state = next;
      if (!verdict.won) continue;
      tree.append({ ...record, position: verdict.position });
      watch.grown(tree.log!, tree);
    }
    refute(watch.found);
    const read = records.at(-1)!.offset + 1;
    if (!compared && read >= end) compared = await holdsAll(it.reader, read, watch, tree);
    if (compared) signing.wake();
  };
  if (end === 0) compared = await holdsAll(it.reader, 0, watch, tree);
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const signed = signing.run(both);
  try {
    await it.reader.read(0, take, both);
  } finally {
    over.abort();
    await signed;
  }
}

/** Whether the log reaches every signed head. Rejects if the log ends before one. */
async function holdsAll(reader: LogReader, read: number, watch: HeadWatch, { log, size }: LogTree): Promise<boolean> {
  const { faults } = watch.done(log, size);
  if (faults.length === 0) return true;
  // A broker that has just become leader may know less for a moment.
  await sleep(lookAgainMs);
  if ((await reader.bounds()).next <= read) refute(faults);
  return false;
}

function refute(faults: readonly HeadFault[]): void {
  if (faults[0]) throw new LogContradictsHeads(faults[0]);
}

/** Signs the current tree whenever it has grown. */
class Signing {
  private grown = Promise.withResolvers<void>();

  constructor(
    private readonly it: HeadWriting,
    private readonly tree: LogTree,
    private furthest: number,
  ) {}

  wake(): void {
    this.grown.resolve();
  }

  /** Never rejects: it logs a warning for a head that could not be stored, and tries a later one. */
  async run(signal: AbortSignal): Promise<void> {
    const over = new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    while (!signal.aborted) {
      await Promise.race([this.grown.promise, over]);
      this.grown = Promise.withResolvers();
      if (signal.aborted) return;
      await this.sign().catch(error => {
        this.it.log.warn(`A signed head could not be written and will be retried: ${(error as Error).message}`);
        this.wake();
      });
      await sleep(leastMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sign(): Promise<void> {
    const { log, size } = this.tree;
    if (!log || size <= this.furthest) return;
    const head = { log, position: size, root: this.tree.root(), time: new Date().toISOString() };
    await this.it.sink.add(await signHead(this.it.signer, head));
    this.furthest = size;
  }
}

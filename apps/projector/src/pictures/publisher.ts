import { BlobError, mostListed, openBlobStore, prepareBlobStore, type BlobSettings, type BlobStore } from '#blobs';
import { KeyStoreError } from '#keys';
import { publishKept, withdrawFiles } from '#media';
import { inTransaction } from '#postgres';
import {
  namesShown,
  picturesAfter,
  picturesOf,
  useBuild,
  type Checkpoint,
  type PictureRow,
  type Stores,
} from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';

/** How many rows of pictures are read at once. */
const rowsAtOnce = 100;
/** After how long a failure is tried again, in milliseconds. */
const retryMs = 10_000;

type Swept = Pick<Checkpoint, 'name' | 'position' | 'shredded'>;

/**
 * Brings the public part of the blob store in line with the live build: it holds the renditions of the pictures that readers may see, and
 * no others. Each step can be repeated, so a process that is killed leaves nothing undone: the next one begins with a sweep of the whole.
 */
export class PicturePublisher {
  private readonly sealed: BlobStore;
  private readonly open: BlobStore;
  private woken = Promise.withResolvers<void>();
  /** The build, and how far its rows are published. Undefined: all of them are to be compared. */
  private at: Swept | undefined;

  constructor(
    private readonly pool: Stores['pool'],
    private readonly settings: BlobSettings,
    private readonly log: { warn(message: string): void },
  ) {
    [this.sealed, this.open] = [openBlobStore(settings, 'sealed'), openBlobStore(settings, 'public')];
  }

  /** Must be called after each batch. */
  moved(): void {
    this.woken.resolve();
  }

  /** Follows a build until `signal` is aborted. Folding does not wait for it, and a blob store that fails does not end it. */
  async run(checkpoint: () => Checkpoint | undefined, signal: AbortSignal): Promise<void> {
    this.at = undefined;
    const aborted = new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
    while (!signal.aborted) {
      this.woken = Promise.withResolvers<void>();
      try {
        await this.step(checkpoint(), signal);
        await Promise.race([this.woken.promise, aborted]);
      } catch (error) {
        this.at = undefined;
        this.log.warn(`pictures are published later: ${(error as Error).message}`);
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Publishes and withdraws what the build says now. Rejects with `blobs-unreachable` of a BlobError, or an error of Postgres. */
  async step(now: Checkpoint | undefined, signal?: AbortSignal): Promise<void> {
    // A build that readers do not read yet publishes nothing.
    if (!now?.live) return;
    const { name, position, shredded } = now;
    if (this.at?.name === name && this.at.shredded === shredded)
      await this.publishAfter(name, this.at.position, undefined, signal);
    else await this.sweep(name, signal);
    if (!signal?.aborted) this.at = { name, position, shredded };
  }

  /** Compares the whole public part with all rows. */
  private async sweep(build: string, signal?: AbortSignal): Promise<void> {
    await prepareBlobStore(this.settings);
    const held = await this.publicNames();
    await this.publishAfter(build, -1, held, signal);
    if (!signal?.aborted) await this.withdraw(build, held);
  }

  async close(): Promise<void> {
    await Promise.all([this.sealed.close(), this.open.close()]);
  }

  /** Every name in the public part: about 100 bytes of memory each. */
  private async publicNames(): Promise<Set<string>> {
    const names = new Set<string>();
    let after: string | undefined;
    do {
      const page: Awaited<ReturnType<BlobStore['list']>> = await this.open.list(after === undefined ? {} : { after });
      for (const { name } of page.blobs) names.add(name);
      after = page.next;
    } while (after !== undefined);
    return names;
  }

  /** Publishes the rows after a position. Takes the names that a row shows out of `held`: what is left is to be withdrawn. */
  private async publishAfter(
    build: string,
    after: number,
    held: Set<string> | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const shown = new Set<string>();
    for (let from = after; !signal?.aborted;) {
      const rows = await this.inBuild(build, client => picturesAfter(client, from, rowsAtOnce));
      if (rows.length === 0) break;
      for (const row of rows) {
        if (row.files.some(file => !held?.has(file) && !shown.has(file))) await this.publish(build, row);
        for (const file of row.files) {
          // Two developments may show the same picture.
          if (held?.delete(file)) shown.add(file);
        }
        if (row.gone.length > 0) await this.withdraw(build, row.gone);
      }
      from = rows.at(-1)!.position;
    }
  }

  private async publish(build: string, row: PictureRow): Promise<void> {
    for (const kept of row.kept) await publishKept(this.sealed, this.open, kept).catch(error => this.lost(row, error));
    // A projector that leads now may have withdrawn it meanwhile.
    const now = await this.inBuild(build, client => picturesOf(client, row));
    const gone = row.files.filter(file => !now?.files.includes(file));
    if (gone.length > 0) await this.withdraw(build, gone);
  }

  /** A file that is missing or damaged must not keep the others from readers. */
  private lost({ story, development }: PictureRow, error: unknown): void {
    const isAway = error instanceof BlobError && error.code === 'blobs-unreachable';
    if (isAway || !(error instanceof BlobError || error instanceof KeyStoreError)) throw error;
    this.log.warn(`a picture of ${development} in ${story} cannot be published: ${error.message}`);
  }

  /** Deletes these public files, except those that a development shows. */
  private async withdraw(build: string, names: Iterable<string>): Promise<void> {
    const all = [...names];
    for (let at = 0; at < all.length; at += mostListed) {
      const some = all.slice(at, at + mostListed);
      const shown = await this.inBuild(build, client => namesShown(client, some));
      await withdrawFiles(this.open, some, shown);
    }
  }

  private inBuild<T>(build: string, ask: (client: Parameters<typeof picturesAfter>[0]) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, 'read', async client => {
      await useBuild(client, build);
      return ask(client);
    });
  }
}

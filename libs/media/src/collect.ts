import type { BlobStore } from '#blobs';

/** How long a file may wait for the event that names it: a day, in milliseconds. */
export const waitsForEventMs = 24 * 3_600_000;

/**
 * Deletes the files that were stored before `olderThan` and that nothing names; returns how many. `named` gets the names of one page
 * at a time and says which of them the log names. Reads one page after the other, so it may run beside everything else.
 */
export async function collectBlobs(
  store: BlobStore,
  olderThan: Date,
  named: (names: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<number> {
  let deleted = 0;
  let after: string | undefined;
  do {
    const { blobs, next }: Awaited<ReturnType<BlobStore['list']>> = await store.list({
      olderThan,
      ...(after !== undefined && { after }),
    });
    const names = blobs.map(({ name }) => name);
    const kept = names.length > 0 ? await named(names) : new Set<string>();
    for (const name of names.filter(each => !kept.has(each))) {
      await store.delete(name);
      deleted += 1;
    }
    after = next;
  } while (after !== undefined);
  return deleted;
}

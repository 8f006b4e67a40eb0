import { CommandSigner, newKeyPair, type SignableCommand } from '#client';

// The person's key for signing commands. Its private half never leaves the browser: no script can read it, and IndexedDB keeps it as it is.

/** The kept key, and whose it is. */
interface Kept {
  readonly by: string;
  readonly pair: CryptoKeyPair;
}

const [database, store, entry] = ['dateline', 'keys', 'author'];

/** The answer to a request of IndexedDB. */
const answered = <Answer>(request: IDBRequest<Answer>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser stores no keys.'));
  });

/** Runs one request on the store of keys. */
async function inStore<Answer>(
  mode: IDBTransactionMode,
  ask: (keys: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const open = await answered(opening);
  try {
    return await answered(ask(open.transaction(store, mode).objectStore(store)));
  } finally {
    open.close();
  }
}

type Ask = ConstructorParameters<typeof CommandSigner>[1];

/** Signs the commands of the person who has signed in. */
export class Signing {
  private opening: Promise<CommandSigner | undefined> | undefined;
  private hasEnded = false;

  constructor(private readonly ask: Ask) {}

  /** The headers that sign a command; none if this browser or this newsroom cannot. */
  async headers(command: SignableCommand): Promise<Record<string, string>> {
    try {
      const signer = await (this.opening ??= this.open().catch(() => undefined));
      return (await signer?.headers(command)) ?? {};
    } catch {
      // A post must not fail because it cannot be signed. Where a signature is required, the newsroom says so.
      return {};
    }
  }

  /** Asks for a new certificate with the next command. */
  async renew(): Promise<void> {
    (await this.opening)?.forget();
  }

  /**
   * Deletes the key as the person signs out, so that who signs in next in this browser gets another. None is stored afterwards: its
   * certificate may still come. A browser that stores nothing has none.
   */
  end(): Promise<unknown> {
    this.hasEnded = true;
    return inStore('readwrite', keys => keys.delete(entry)).catch(() => undefined);
  }

  private async open(): Promise<CommandSigner | undefined> {
    const kept = await inStore<Kept | undefined>('readonly', keys => keys.get(entry)).catch(() => undefined);
    const signer = kept && new CommandSigner(kept.pair, this.ask);
    const known = await signer?.certificate();
    // Nobody signs with the key of the person who was here before.
    if (kept && (!known || known.by === kept.by)) return signer;
    const pair = await newKeyPair();
    if (!pair) return undefined;
    const fresh = new CommandSigner(pair, this.ask);
    const made = await fresh.certificate();
    if (made) await this.keep({ by: made.by, pair });
    return fresh;
  }

  private async keep(kept: Kept): Promise<void> {
    // The browser runs requests in the order in which they were made, so a key that was stored before the end is deleted after it.
    const put = (keys: IDBObjectStore) => (this.hasEnded ? keys.delete(entry) : keys.put(kept, entry));
    await inStore('readwrite', put as (keys: IDBObjectStore) => IDBRequest<unknown>).catch(() => undefined);
  }
}

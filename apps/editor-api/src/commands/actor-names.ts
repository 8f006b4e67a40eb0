import { actorStream, withEntry, type ActorProfile, type ActorWords, type Directory, type SealedEntry } from '#domain';
import { KeyStoreError, openPayload, type KeyStore } from '#keys';
import { unavailable, type Unavailable } from './submission.js';

/** How many entries are opened at a time. */
const openedAtOnce = 1_000;
/** How long after a failure an entry is tried again, in milliseconds: a lost key may be found. */
const tryAgainMs = 5_000;

/** One lost key must not stop the desk: its actor is known by the id. */
function opening(open: () => ActorWords | null): ActorWords | null | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof KeyStoreError) return undefined;
    throw error;
  }
}

interface Opened {
  readonly text: string;
  /** Null if its key does not open it. */
  readonly words: ActorWords | null;
}

/**
 * The names of actors, opened with the keys that exist. They are only in memory: one copy for each registered actor. A decision reads
 * them from a directory, so it stays pure.
 */
export class ActorNames {
  private readonly opened = new Map<string, Opened>();
  /** Actors whose entry could not be opened though its key was not destroyed, and when to try again, by `performance.now()`. */
  private readonly failed = new Map<string, number>();
  private latest: { readonly of: Directory; readonly named: Directory } | undefined;

  constructor(private readonly store: Pick<KeyStore, 'keysOf'>) {}

  /** The directory with the names of all its actors; undefined if some were not opened yet. */
  named(directory: Directory): Directory | undefined {
    if (this.latest?.of === directory) return this.latest.named;
    if (this.lacking(directory).length > 0) return undefined;
    // The state that a command is decided on may lack an actor of the one before, whose record has lost.
    const isGrown = this.latest?.of.profiles.every((_, actor) => directory.profiles.has(actor));
    const before = isGrown ? this.latest : undefined;
    let named = before?.named ?? directory;
    for (const [actor, profile] of directory.profiles)
      if (before?.of.profiles.get(actor) !== profile) named = this.withWords(named, directory, actor, profile);
    this.latest = { of: directory, named };
    return named;
  }

  /** The same; actors whose entry was not opened are known by their ids. */
  known(directory: Directory): Directory {
    return this.named(directory) ?? directory;
  }

  /**
   * Opens all entries of the directory that were not opened yet, and some that failed a while ago. Resolves to the reason why this is
   * not possible.
   */
  async open(directory: Directory): Promise<Unavailable | undefined> {
    if (this.failed.size > 0) await this.openFailed(directory);
    // Most commands find all names open.
    if (this.named(directory)) return undefined;
    const lacking = this.lacking(directory);
    try {
      for (let at = 0; at < lacking.length; at += openedAtOnce)
        await this.openSome(lacking.slice(at, at + openedAtOnce));
      return undefined;
    } catch (error) {
      if (!(error instanceof KeyStoreError)) throw error;
      return unavailable('keys', `The names of actors cannot be opened. ${error.message}`);
    }
  }

  private async openSome(entries: readonly (readonly [actor: string, entry: SealedEntry])[]): Promise<void> {
    const keys = await this.store.keysOf(entries.map(([, { text }]) => text));
    for (const [actor, { text, told, sealedIn }] of entries) {
      const about = { text, told: told as string };
      const words = opening(() => openPayload(actorStream(actor), sealedIn, about, keys.get(text)));
      if (words === undefined) this.failed.set(actor, performance.now() + tryAgainMs);
      else this.failed.delete(actor);
      this.opened.set(actor, { text, words: words ?? null });
    }
  }

  /** Until an entry opens, its actor is known by the id, also while the key store is unavailable. */
  private async openFailed({ sealed }: Directory): Promise<void> {
    const now = performance.now();
    const due = [...this.failed]
      .flatMap(([actor, at]) => (at <= now && sealed.has(actor) ? [[actor, sealed.get(actor)!] as const] : []))
      .slice(0, openedAtOnce);
    if (due.length === 0) return;
    for (const [actor] of due) this.failed.set(actor, now + tryAgainMs);
    await this.openSome(due).catch((error: unknown) => {
      if (!(error instanceof KeyStoreError)) throw error;
    });
    // The directory with names holds the ids instead.
    if (due.some(([actor]) => !this.failed.has(actor))) this.latest = undefined;
  }

  private lacking({ sealed }: Directory): [string, SealedEntry][] {
    return [...sealed].filter(([actor, { text }]) => this.opened.get(actor)?.text !== text);
  }

  private withWords(named: Directory, { sealed }: Directory, actor: string, profile: ActorProfile): Directory {
    const entry = sealed.get(actor);
    // After a takedown the words may be in no memory either.
    if (!entry) for (const known of [this.opened, this.failed]) known.delete(actor);
    return entry ? withEntry(named, actor, entry, this.opened.get(actor)!.words) : withEntry(named, actor, profile);
  }
}

import { storedNames } from './drafts.js';
import { isInParts } from './upload.js';

/** How long the newsroom keeps the parts of an upload, in milliseconds. */
const keptMs = 4 * 3_600_000;

/** What a page tells when it is being closed. */
type Page = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Remembers in this browser which of a person's uploads was under way when the page was closed: the newsroom has a part of it, and the file is needed again. */
export class CutUploads {
  private readonly prefix: string;
  private hasEnded = false;

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>,
    owner: string,
    private readonly page: Page = window,
  ) {
    this.prefix = `dateline.cut-upload:${owner}:`;
  }

  /** Sends a file for a story. If the page is closed meanwhile, its name is remembered, unless the person has signed out. */
  async during<Answer>(story: string, file: File, send: () => Promise<Answer>): Promise<Answer> {
    const key = this.prefix + story;
    this.storage.removeItem(key);
    const cut = () => {
      if (!this.hasEnded) this.storage.setItem(key, JSON.stringify({ name: file.name, at: Date.now() }));
    };
    if (isInParts(file)) this.page.addEventListener('pagehide', cut);
    try {
      return await send();
    } finally {
      this.page.removeEventListener('pagehide', cut);
    }
  }

  /** The name of the file that a page was sending for the story when it was closed. Undefined if it sent none, or if the newsroom no longer keeps the parts. */
  nameIn(story: string): string | undefined {
    try {
      const { name, at } = JSON.parse(this.storage.getItem(this.prefix + story) ?? '{}') as {
        name?: unknown;
        at?: unknown;
      };
      return typeof name === 'string' && Date.now() - Number(at) < keptMs ? name : undefined;
    } catch {
      return undefined;
    }
  }

  /** Deletes the names as the person signs out. None is stored afterwards: leaving the page would cut an upload. */
  end(): void {
    this.hasEnded = true;
    for (const name of storedNames(this.storage, this.prefix)) this.storage.removeItem(name);
  }
}

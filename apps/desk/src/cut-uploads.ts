import { isInParts } from './upload.js';

/** How long the newsroom keeps the parts of an upload, in milliseconds. */
const keptMs = 4 * 3_600_000;

/** What a page tells when it is being closed. */
type Page = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Remembers in this browser which upload was under way when the page was closed: the newsroom has a part of it, and the file is needed again. */
export class CutUploads {
  private readonly key: string;

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    owner: string,
    story: string,
    private readonly page: Page = window,
  ) {
    this.key = `dateline.cut-upload:${owner}:${story}`;
  }

  /** Sends a file. If the page is closed meanwhile, its name is remembered. */
  async during<Answer>(file: File, send: () => Promise<Answer>): Promise<Answer> {
    this.storage.removeItem(this.key);
    const cut = () => this.storage.setItem(this.key, JSON.stringify({ name: file.name, at: Date.now() }));
    if (isInParts(file)) this.page.addEventListener('pagehide', cut);
    try {
      return await send();
    } finally {
      this.page.removeEventListener('pagehide', cut);
    }
  }

  /** The name of the file that this page was sending when it was closed. Undefined if it sent none, or if the newsroom no longer keeps the parts. */
  get name(): string | undefined {
    try {
      const { name, at } = JSON.parse(this.storage.getItem(this.key) ?? '{}') as { name?: unknown; at?: unknown };
      return typeof name === 'string' && Date.now() - Number(at) < keptMs ? name : undefined;
    } catch {
      return undefined;
    }
  }
}

import { relinked } from '#client';
import { withFates, type LinkTitles } from '../reader/state.js';
import type { Words } from '../words/index.js';
import type { ChangeView, EntryView } from '../view.js';

/** The most updates that a page keeps without showing them. Beyond that, the offer leads to a freshly rendered page. */
export const mostWaiting = 100;

/** New updates that arrived while the reader was elsewhere on the page: offered on a button, never inserted under the reader's eyes. */
export class Offer {
  private readonly waiting = new Map<string, EntryView>();
  private beyond = 0;

  /** `show` gets null if more updates arrived than are kept. */
  constructor(
    private readonly link: HTMLAnchorElement,
    private readonly words: Words,
    show: (entries: readonly EntryView[] | null) => void,
  ) {
    link.addEventListener('click', event => {
      event.preventDefault();
      show(this.beyond > 0 ? null : this.taken());
    });
  }

  /** Adds an update, or replaces a waiting one. */
  put(entry: EntryView): void {
    if (this.waiting.has(entry.id) || this.waiting.size < mostWaiting) this.waiting.set(entry.id, entry);
    else this.beyond += 1;
    this.write();
  }

  /** Changes what waits as a change of other updates does: the outcomes of its conditions, and the titles of its links. */
  update(fates: NonNullable<ChangeView['conditions']>, titles: LinkTitles): void {
    for (const entry of withFates([...this.waiting.values()], fates))
      this.waiting.set(entry.id, { ...entry, links: relinked(entry.links, titles) });
  }

  has(id: string): boolean {
    return this.waiting.has(id);
  }

  /** Whether updates wait and all of them are kept. */
  get mayShow(): boolean {
    return this.waiting.size > 0 && this.beyond === 0;
  }

  /** Removes and returns the waiting updates. */
  taken(): EntryView[] {
    const entries = [...this.waiting.values()];
    this.waiting.clear();
    this.write();
    return entries;
  }

  private write(): void {
    const count = this.waiting.size + this.beyond;
    this.link.hidden = count === 0;
    this.link.textContent = count === 0 ? '' : this.words.offer(count);
  }
}

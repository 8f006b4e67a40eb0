import type { Words } from '../words/index.js';
import type { EntryView } from '../view.js';

/** How many updates a page keeps that it does not show yet. Beyond them the offer leads to a page of its own. */
export const mostWaiting = 100;

/** Updates that came while the reader was elsewhere on the page: offered, never put under the reader's eye. */
export class Offer {
  private readonly waiting = new Map<string, EntryView>();
  private beyond = 0;

  /** `show` gets null where more came than is kept. */
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

  /** New ones, or what became of one that waits. */
  put(entry: EntryView): void {
    if (this.waiting.has(entry.id) || this.waiting.size < mostWaiting) this.waiting.set(entry.id, entry);
    else this.beyond += 1;
    this.write();
  }

  has(id: string): boolean {
    return this.waiting.has(id);
  }

  /** Whether updates wait, all of which are kept. */
  get mayShow(): boolean {
    return this.waiting.size > 0 && this.beyond === 0;
  }

  /** Those that wait, which wait no longer. */
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

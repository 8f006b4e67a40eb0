import type { Words } from '../words/index.js';
import type { EntryView } from '../view.js';

/** Updates that came while the page is open: offered, never shoved under the reader's eye. */
export class Offer {
  private readonly waiting = new Map<string, EntryView>();

  constructor(
    private readonly link: HTMLAnchorElement,
    private readonly words: Words,
    show: (entries: readonly EntryView[]) => void,
  ) {
    link.addEventListener('click', event => {
      event.preventDefault();
      const entries = [...this.waiting.values()];
      this.waiting.clear();
      this.write();
      show(entries);
    });
  }

  /** New ones, or what became of one that waits. */
  put(entry: EntryView): void {
    this.waiting.set(entry.id, entry);
    this.write();
  }

  has(id: string): boolean {
    return this.waiting.has(id);
  }

  private write(): void {
    this.link.hidden = this.waiting.size === 0;
    this.link.textContent = this.waiting.size === 0 ? '' : this.words.offer(this.waiting.size);
  }
}

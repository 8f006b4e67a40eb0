import type { Words } from '../words/words.js';

/** Marks the key points that are new, or have other words or grounds, since a position. */
export function markPoints(since: number, words: Words): void {
  for (const point of document.querySelectorAll<HTMLElement>('#points [data-at]')) {
    const { first, at } = point.dataset;
    point.dataset.mark =
      Number(first) > since ? words.acts.DevelopmentRecorded : Number(at) > since ? words.changed : '';
  }
}

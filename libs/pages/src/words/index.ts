import { bcp47 } from '#domain/language';
import { en } from './en.js';
import type { Words } from './words.js';

export { clocks, type Clock, type Words } from './words.js';

const known: readonly Words[] = [en];

/** The words in a story's language; in English if there is no translation yet. */
export function wordsFor(language: string | null | undefined): Words {
  const base = bcp47(language)?.split('-')[0];
  return known.find(({ tag }) => tag === base) ?? en;
}

/** The locale for dates beside these words: the story's region, if it has the same language. */
export function datesFor(language: string | null | undefined, words: Words): string {
  const tag = bcp47(language);
  return tag?.startsWith(`${words.tag}-`) ? tag : words.dates;
}

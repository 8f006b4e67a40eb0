import { pagesEn } from './pages-en.js';
import type { PageWords, Words } from './words.js';

const known: Readonly<Record<string, PageWords>> = { en: pagesEn };

/** The words of whole pages, in the language of these words. */
export const pageWords = ({ tag }: Pick<Words, 'tag'>): PageWords => known[tag] ?? pagesEn;

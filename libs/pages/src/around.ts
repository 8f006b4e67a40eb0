import './closed-text.js';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { bcp47, directionOf } from '#domain/language';
import type { Times } from './occurred.js';
import type { KindShapes } from './view.js';
import { datesFor, wordsFor, type Words } from './words/index.js';

/** What every part of a story's page needs to know of the page. */
export interface Around {
  readonly story: string;
  readonly kinds: KindShapes;
  readonly words: Words;
  readonly times: Times;
  /** For what the story says, where the page around it speaks another language. */
  readonly told: { readonly lang?: string; readonly dir?: 'ltr' | 'rtl' };
}

export interface StoryContext {
  readonly story: string;
  readonly language: string | null;
  /** Times are written by this zone's clock: the story's, or a reader's own. */
  readonly zone: string;
  readonly kinds: KindShapes;
}

export function around({ story, language, zone, kinds }: StoryContext): Around {
  const words = wordsFor(language);
  const tag = bcp47(language);
  const foreign = tag !== undefined && tag !== words.tag;
  const told = foreign ? { lang: tag, dir: directionOf(tag) } : {};
  return { story, kinds, words, times: { locale: datesFor(language, words), zone, words }, told };
}

export const AroundContext = createContext<Around>(around({ story: '', language: null, zone: 'UTC', kinds: {} }));
export const useAround = (): Around => useContext(AroundContext);

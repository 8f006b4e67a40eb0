import { closed } from '#domain/bidi';
import { bcp47, directionOf } from '#domain/language';
import { createContext, options, type ComponentChildren, type VNode } from 'preact';
import { useContext } from 'preact/hooks';
import type { Brand } from './brand.js';
import type { Times } from './occurred.js';
import type { KindShapes } from './view.js';
import { datesFor, wordsFor, type Words } from './words/index.js';

// People's text may open a writing direction and not close it, which would reorder our own words beside it. So every text of every
// element is closed when it is created, on the server and in the browser, in all components.

const closedIn = (child: ComponentChildren): ComponentChildren =>
  typeof child === 'string' ? closed(child) : Array.isArray(child) ? child.map(closedIn) : child;

const textProps = ['title', 'aria-label', 'aria-valuetext', 'content', 'value'];

const made = options.vnode;
options.vnode = (vnode: VNode) => {
  const props = vnode.props as Record<string, unknown>;
  if (typeof vnode.type === 'string') {
    props.children = closedIn(props.children as ComponentChildren);
    for (const name of textProps) if (typeof props[name] === 'string') props[name] = closed(props[name]);
  }
  made?.(vnode);
};

/** The page's context, for every component of a story's page. */
export interface PageContext {
  readonly story: string;
  readonly kinds: KindShapes;
  readonly words: Words;
  readonly times: Times;
  /** Attributes for the story's text, if the page itself is in another language. */
  readonly storyLanguage: { readonly lang?: string; readonly dir?: 'ltr' | 'rtl' };
  /** Who publishes the page; without it, ours. */
  readonly brand?: Brand | undefined;
}

/** The facts about a story that every part of its page needs. */
export interface StoryContext {
  readonly story: string;
  readonly language: string | null;
  /** The IANA time zone in which times are written: the story's or the reader's. */
  readonly zone: string;
  readonly kinds: KindShapes;
  /** The year that dates leave out, see `Times`. */
  readonly year?: number;
  readonly brand?: Brand | undefined;
}

/** The page's context for a story. */
export function pageContext({ story, language, zone, kinds, year, brand }: StoryContext): PageContext {
  const words = wordsFor(language);
  const tag = bcp47(language);
  const foreign = tag !== undefined && tag !== words.tag;
  const storyLanguage = foreign ? { lang: tag, dir: directionOf(tag) } : {};
  return { story, kinds, words, times: { locale: datesFor(language, words), zone, words, year }, storyLanguage, brand };
}

/** Carries the page's context to its components. */
export const PageContextProvider = createContext<PageContext>(
  pageContext({ story: '', language: null, zone: 'UTC', kinds: {} }),
);
/** Reads the page's context. */
export const usePageContext = (): PageContext => useContext(PageContextProvider);

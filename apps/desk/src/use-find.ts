import type { Page } from '#contract';
import { longestSearch } from '#pages/parts';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { readersApi } from './follow.js';
import type { News } from './known.js';

/** Delay between the last typed letter and a search, in milliseconds. */
const findAfterMs = 250;
/** Minimum length of a search text: a shorter one finds too much. */
const shortestSearch = 2;
/** Maximum number of results, and of those that are in the text alone. */
const mostFound = 50;
const mostFoundInText = 10;

/** What a search found in texts: words that are not in the headline. */
export interface Found {
  readonly words: string;
  readonly ids: ReadonlySet<string>;
}
const nothingFound: Found = { words: '', ids: new Set() };

/** The entries with these words: by parts of words in headlines, and by whole words in texts. */
async function entriesWith(words: string, story: string, reader: string): Promise<readonly [Page['entries'], Found]> {
  const api = readersApi(reader);
  const nothing = () => ({ found: [] });
  const [{ entries }, { found }] = await Promise.all([
    api.timeline(story, { words, limit: mostFound }),
    // It refuses what has no letter.
    api.search(story, words, mostFoundInText).catch(nothing),
  ]);
  const ids = new Set(found.map(({ development }) => development));
  const others = [...ids].filter(id => entries.every(entry => entry.id !== id));
  const loaded = await Promise.all(others.map(id => api.development(story, id)));
  return [[...entries, ...loaded.map(({ entry }) => entry)], { words, ids }];
}

/** The search of a story: `find` loads readers' entries with these words in their headline or their text, however old. */
export function useFind(
  story: string,
  reader: string | null,
  onNews: (news: News) => void,
): { readonly find: (words: string) => void; readonly found: Found } {
  const [found, setFound] = useState(nothingFound);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const searches = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const find = useCallback(
    (typed: string) => {
      clearTimeout(timer.current);
      const words = typed.trim().slice(0, longestSearch);
      if (reader === null || words.length < shortestSearch) return;
      timer.current = setTimeout(() => {
        const search = ++searches.current;
        entriesWith(words, story, reader).then(
          ([entries, found]) => {
            onNews({ news: 'found', entries });
            // Answers may come in another order than the searches.
            if (search === searches.current) setFound(found);
          },
          () => undefined,
        );
      }, findAfterMs);
    },
    [story, reader],
  );
  return { find, found };
}

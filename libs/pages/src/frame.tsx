import type { ComponentChildren } from 'preact';
import { usePageContext } from './page-context.js';
import { links } from './links.js';
import { zonePlace } from './occurred.js';
import { longestSearch } from './reader/state.js';

/** Searches the story, or all stories. */
export function SearchBox({ story, words: searched = '' }: { story: string; words?: string }) {
  const { words } = usePageContext();
  return (
    <form class="find" role="search" action={links.search}>
      <input type="search" name="q" aria-label={words.search} required maxLength={longestSearch} value={searched} />
      {story && <input type="hidden" name="story" value={story} />}
      <button>{words.search}</button>
    </form>
  );
}

/** The frame around every page of a story. */
export function Frame(props: {
  here: 'story' | 'history' | 'other';
  skipTo?: string;
  position?: number;
  /** The page shows no time. */
  noTimes?: true;
  /** The page has a search box itself. */
  noSearch?: true;
  children: ComponentChildren;
}) {
  const { words, story, times } = usePageContext();
  const { here, skipTo, position, noTimes, noSearch, children } = props;
  const current = (page: string) => (here === page ? 'page' : undefined);
  return (
    <>
      <a class="unseen skip" href={`#${skipTo ?? 'content'}`}>
        {skipTo ? words.skip : words.skipToContent}
      </a>
      <header class="masthead">
        <a class="wordmark" href={links.stories}>
          Dateline
        </a>
        {story && (
          <nav aria-label={words.story}>
            <ul>
              <li>
                <a href={links.story(story)} aria-current={current('story')}>
                  {words.story}
                </a>
              </li>
              <li>
                <a href={links.history(story)} aria-current={current('history')}>
                  {words.timeMachine}
                </a>
              </li>
            </ul>
          </nav>
        )}
        {!noTimes && (
          <p id="zone" class="hint">
            {words.zoneOfStory(zonePlace(times.zone))}
          </p>
        )}
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        {!noSearch && <SearchBox story={story} />}
        <ul>
          <li>
            <a href={links.stories}>{words.allStories}</a>
          </li>
          <li>
            <a href="/docs">{words.api}</a>
          </li>
        </ul>
        {position !== undefined && <p id="position">{words.replayable(position)}</p>}
      </footer>
    </>
  );
}

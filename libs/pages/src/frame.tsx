import type { ComponentChildren } from 'preact';
import { dateline, type Brand } from './brand.js';
import { usePageContext } from './page-context.js';
import { links } from './links.js';
import { zonePlace } from './occurred.js';
import { longestSearch } from './reader/state.js';
import { pageWords } from './words/page-words.js';

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

/** A link to a story as a folder. No crawler follows it: its pages are there already. */
export function Download({ to, children }: { to: string; children: string }) {
  return (
    <a class="download" href={to} rel="nofollow" type="application/zip">
      {children}
    </a>
  );
}

/** The publisher's logo, or its name. */
function Mark({ name, logo }: Brand) {
  if (!logo) return name;
  const { url, dark, width, height } = logo;
  const light = <img src={url} alt={name} width={width} height={height} />;
  if (dark === undefined) return light;
  return (
    <picture>
      <source srcset={dark} media="(prefers-color-scheme: dark)" />
      {light}
    </picture>
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
  const { words, story, times, brand = dateline } = usePageContext();
  const { here, skipTo, position, noTimes, noSearch, children } = props;
  const current = (page: string) => (here === page ? 'page' : undefined);
  return (
    <>
      <a class="unseen skip" href={`#${skipTo ?? 'content'}`}>
        {skipTo ? words.skip : words.skipToContent}
      </a>
      <header class="masthead">
        <a class="wordmark" href={links.stories}>
          <Mark {...brand} />
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
          {brand.url && (
            <li>
              <a href={brand.url}>{brand.name}</a>
            </li>
          )}
          <li>
            <a href={links.stories}>{words.allStories}</a>
          </li>
          {here === 'story' && story && (
            <li>
              <Download to={links.folder(story)}>{pageWords(words).download.now}</Download>
            </li>
          )}
          <li>
            <a href="/docs">{words.api}</a>
          </li>
        </ul>
        {position !== undefined && <p id="position">{words.replayable(position)}</p>}
      </footer>
    </>
  );
}

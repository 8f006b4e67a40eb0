import { usePageContext } from '../page-context.js';
import { RecordedTime } from '../entry/facts.js';
import { Frame } from '../frame.js';
import { bcp47, directionOf } from '#domain/language';
import { links } from '../links.js';
import type { StoryPage } from '../view.js';

/** The data of the list of stories. */
export interface StoriesPageProps {
  readonly stories: readonly StoryPage[];
  /** The address of the next page; null on the last one. */
  readonly next: string | null;
}

/** The list of stories, by their last change, latest first. */
export function StoriesPage({ stories, next }: StoriesPageProps) {
  const { words } = usePageContext();
  return (
    <Frame here="other">
      <h1 class="title">{words.allStories}</h1>
      {stories.length === 0 && <p class="notice">{words.noStories}</p>}
      <ol class="stories">
        {stories.map(({ id, title, summary, status, recorded, language }) => (
          <li key={id} lang={bcp47(language)} dir={directionOf(language)}>
            <span class={`live is-${status}`}>{status === 'open' ? words.live : words.closed}</span>
            <h2>
              <a href={links.story(id)}>{title}</a>
            </h2>
            {summary && <p>{summary}</p>}
            <p class="hint">
              {words.lastChange} <RecordedTime recorded={recorded} /> UTC
            </p>
          </li>
        ))}
      </ol>
      {next && (
        <nav class="paging" aria-label={words.allStories}>
          <a class="button" rel="next" href={next}>
            {words.olderStories}
          </a>
        </nav>
      )}
    </Frame>
  );
}

import { usePageContext } from '../page-context.js';
import { RecordedTime } from '../entry/facts.js';
import { Frame } from '../frame.js';
import { bcp47, directionOf } from '#domain/language';
import { links } from '../links.js';
import type { Story } from '#contract';
import { Thumbnail } from '../entry/pictures.js';
import type { MediumView, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import type { Neighbour } from './development.js';

/** A story in the list. */
export interface StoryLine extends StoryPage, Pick<Story, 'developments'> {
  /** Its latest update that is neither withdrawn nor replaced; null if there is none. */
  readonly latest: Neighbour | null;
  /** The picture that represents it; null if it has none. */
  readonly leadPicture: MediumView | null;
}

/** The data of the list of stories. */
export interface StoriesPageProps {
  readonly stories: readonly StoryLine[];
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
      <ol class="stories is-wide">
        {stories.map(({ id, title, summary, status, recorded, language, latest, leadPicture, developments }) => (
          <li key={id} lang={bcp47(language)} dir={directionOf(language)}>
            <div class={leadPicture ? 'pictured' : undefined}>
              <div>
                <span class={`live is-${status}`}>{status === 'open' ? words.live : words.closed}</span>
                <h2>
                  <a href={links.story(id)}>{title}</a>
                </h2>
                {summary && <p>{summary}</p>}
              </div>
              {leadPicture && <Thumbnail medium={leadPicture} />}
            </div>
            <div>
              {latest && (
                <p class="latest">
                  <RecordedTime recorded={latest.recorded} />{' '}
                  <a href={links.development(id, latest.id)}>{capitalised(latest.title)}</a>
                </p>
              )}
              <p class="hint" lang={words.tag}>
                {words.updatesIn(developments)}
                {!latest && (
                  <>
                    . {words.lastChange} <RecordedTime recorded={recorded} />
                  </>
                )}
              </p>
            </div>
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

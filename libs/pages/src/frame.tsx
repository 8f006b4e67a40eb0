import type { ComponentChildren } from 'preact';
import { usePageContext } from './page-context.js';
import { links } from './links.js';

/** The frame around every page of a story. */
export function Frame(props: {
  here: 'story' | 'history' | 'other';
  skipTo?: string;
  position?: number;
  children: ComponentChildren;
}) {
  const { words, story } = usePageContext();
  const { here, skipTo, position, children } = props;
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
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
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

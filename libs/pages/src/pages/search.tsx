import type { SearchResults } from '#contract';
import { usePageContext } from '../page-context.js';
import { RecordedTime } from '../entry/facts.js';
import { Frame, SearchBox } from '../frame.js';
import { links } from '../links.js';
import { pageWords } from '../words/page-words.js';

/** The data of a search's page. */
export type SearchPageProps = Pick<SearchResults, 'words' | 'story' | 'total' | 'found' | 'next'>;

/** What a search found: the best first. */
export function SearchPage({ words: searched, story, total, found, next }: SearchPageProps) {
  const { words } = usePageContext();
  const said = pageWords(words).search;
  return (
    <Frame here="other" noSearch>
      <h1 class="title">{words.search}</h1>
      <SearchBox story={story ?? ''} words={searched} />
      <p class="hint">{said.help}</p>
      <p role="status">{total === 0 ? said.nothing : said.found(total)}</p>
      {story && (
        <p>
          <a href={`${links.search}?${new URLSearchParams({ q: searched })}`}>{said.everywhere}</a>
        </p>
      )}
      <ol class="stories">
        {found.map(({ story, storyTitle, development, title, headlineHtml, headline, excerptHtml, recorded }) => (
          <li key={development}>
            <h2>
              <a href={links.development(story, development)}>
                {title === headline ? <span dangerouslySetInnerHTML={{ __html: headlineHtml }} /> : title}
              </a>
            </h2>
            {excerptHtml && <p dir="auto" dangerouslySetInnerHTML={{ __html: excerptHtml }} />}
            <p class="hint">
              <bdi>{storyTitle}</bdi>, <RecordedTime recorded={recorded} />
            </p>
          </li>
        ))}
      </ol>
      {next && (
        <nav class="paging" aria-label={words.search}>
          <a class="button" rel="next" href={next}>
            {said.more}
          </a>
        </nav>
      )}
    </Frame>
  );
}

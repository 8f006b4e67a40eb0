import { usePageContext } from '../page-context.js';
import { Frame } from '../frame.js';
import { links } from '../links.js';
import { wordsFor, type Words } from '../words/index.js';
import { pageWords } from '../words/page-words.js';

const problemIn = (words: Words, status: number) => {
  const { problems } = pageWords(words);
  return problems[status as keyof typeof problems] ?? problems[status < 500 ? 404 : 500];
};

/** The title of the page for an HTTP status. */
export const problemTitle = (status: number): string => problemIn(wordsFor(null), status)[0];

/** The page for a request that was refused or failed. */
export function ProblemPage({ status, detail }: { status: number; detail: string | undefined }) {
  const { words } = usePageContext();
  const [title, text] = problemIn(words, status);
  return (
    <Frame here="other" noTimes>
      <h1 class="title">{title}</h1>
      <p>{text}</p>
      {detail && <p class="notice">{detail}</p>}
      <p>
        <a href={links.stories}>{words.toStories}</a>
      </p>
    </Frame>
  );
}

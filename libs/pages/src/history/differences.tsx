import { usePageContext } from '../page-context.js';
import { Around, Moment } from '../entry/facts.js';
import { links } from '../links.js';
import { capitalised } from '../wording.js';
import { pageWords } from '../words/page-words.js';

/** How an update or a key point differs between two moments. */
export type Difference =
  | 'added'
  | 'withdrawn'
  | 'corrected'
  | 'retracted'
  | 'removed'
  | 'superseded'
  | 'standing'
  | 'marked'
  | 'settled'
  | 'changed'
  | 'struck'
  | 'dropped';

/** An update that differs between the two moments, and how. */
export interface Differing {
  readonly id: string;
  /** Its headline with labels. */
  readonly title: string;
  readonly how: readonly Difference[];
}

/** A key point that differs between the two moments, and how. */
export interface DifferingWords {
  readonly text: string;
  /** Null if they were taken down. */
  readonly words: string | null;
  readonly how: Difference;
}

/** What differs between two moments. */
export interface DifferencesProps {
  /** The other moment; undefined for now. */
  readonly other: string | undefined;
  /** The differences that are listed, and how many more there are, at least. */
  readonly differences: readonly Differing[];
  readonly more: number;
  readonly differingPoints: readonly DifferingWords[];
}

/** The label of a difference. */
export function Mark({ how }: { how: Difference }) {
  const { words } = usePageContext();
  return <span class={`mark is-${how}`}>{pageWords(words).history[how]}</span>;
}

/** Lists the key points and the updates that differ. */
export function Differences({ differences, differingPoints, more, other }: DifferencesProps) {
  const { words, story, storyLanguage } = usePageContext();
  const { history } = pageWords(words);
  return (
    <section aria-labelledby="differences-title" class="differences">
      <h2 id="differences-title">
        {history.differences},{' '}
        <Around text={history.compare}>{other ? <Moment at={other} /> : history.compareNow}</Around>
      </h2>
      {differences.length + differingPoints.length === 0 && <p class="hint">{history.none}</p>}
      <ul>
        {differingPoints.map(({ text, words: said, how }) => (
          <li key={text}>
            <Mark how={how} /> {words.known}: <bdi {...storyLanguage}>{said ?? words.labels.removed}</bdi>
          </li>
        ))}
        {differences.map(({ id, title, how }) => (
          <li key={id}>
            {how.map(each => (
              <Mark key={each} how={each} />
            ))}{' '}
            <a href={links.development(story, id)} {...storyLanguage}>
              {capitalised(title)}
            </a>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="hint">{history.more(more)}</p>}
    </section>
  );
}

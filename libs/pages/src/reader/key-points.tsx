import { RecordedTime } from '../entry/facts.js';
import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import type { KeyPointView } from '../view.js';
import { capitalised } from '../wording.js';

/** The most key points shown open: the updates below must be within reach. */
export const openKeyPoints = 4;

/** A key point, why it is struck, and the updates that it rests on. A script marks it as new by the positions. */
function Point({ point, mark }: { point: KeyPointView; mark: string | undefined }) {
  const { words, story, storyLanguage } = usePageContext();
  const { words: text, cites, struck, takedown } = point;
  return (
    <li data-first={point.first} data-at={point.position} data-mark={mark}>
      {text === null ? (
        <em>
          {words.labels.removed}
          {takedown && ` (${words.grounds[takedown.ground]})`}
        </em>
      ) : struck ? (
        <>
          <strong>
            {struck.status === 'retracted' ? words.labels.retracted : words.labels.removed}
            {struck.recorded !== null && (
              <>
                {' '}
                <RecordedTime recorded={struck.recorded} />
              </>
            )}
          </strong>{' '}
          <del {...storyLanguage}>{text}</del>
        </>
      ) : (
        <span {...storyLanguage}>{text}</span>
      )}
      <ul>
        {cites.map(({ development, title }) => (
          <li key={development}>
            <a href={links.development(story, development)} data-goto={links.anchor(development)} {...storyLanguage}>
              {capitalised(title)}
            </a>
          </li>
        ))}
      </ul>
    </li>
  );
}

interface KeyPointsProps {
  readonly points: readonly KeyPointView[];
  /** A label before a point. */
  readonly markOf?: (point: KeyPointView) => string | undefined;
}

/** What is known: the key points of the story. */
export function KeyPoints({ points, markOf }: KeyPointsProps) {
  const { words } = usePageContext();
  if (points.length === 0) return null;
  const list = (some: readonly KeyPointView[]) => (
    <ol>
      {some.map(point => (
        <Point key={point.text} point={point} mark={markOf?.(point)} />
      ))}
    </ol>
  );
  const more = points.slice(openKeyPoints);
  return (
    <>
      <h2>{words.known}</h2>
      {list(points.slice(0, openKeyPoints))}
      {more.length > 0 && (
        <details>
          <summary>{words.moreKnown(more.length)}</summary>
          {list(more)}
        </details>
      )}
    </>
  );
}

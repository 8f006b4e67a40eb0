import { RecordedTime } from '../entry/facts.js';
import { usePageContext } from '../page-context.js';
import type { HeaderView } from '../view.js';

/** The most former headers that a page lists; the API lists more. */
export const mostFormer = 5;

/** A story's title and standfirst, and what they were before. `headers`: its versions, the current one first. */
export function Headline({ headers }: { headers: readonly HeaderView[] }) {
  const { words, storyLanguage } = usePageContext();
  const [current] = headers;
  if (!current) return null;
  const former = headers.slice(1, 1 + mostFormer);
  return (
    <>
      <h1 {...storyLanguage}>{current.title ?? words.noHeadline}</h1>
      {current.summary && (
        <p class="deck" {...storyLanguage}>
          {current.summary}
        </p>
      )}
      {former.length > 0 && (
        <details class="former">
          <summary>
            {words.headlineChanged} <RecordedTime recorded={current.recorded} />
          </summary>
          <ol>
            {former.map((version, index) => (
              <Former key={version.position} version={version} next={headers[index]!} />
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** A former header, and the one that replaced it. */
function Former({ version, next }: { version: HeaderView; next: HeaderView }) {
  const { words, storyLanguage } = usePageContext();
  const { title, summary, takedown } = version;
  return (
    <li>
      <p>
        <span class="label">{words.was}</span>{' '}
        {title === null ? (
          <em>
            {words.labels.removed}
            {takedown && ` (${words.grounds[takedown.ground]})`}
          </em>
        ) : (
          <q {...storyLanguage}>{title}</q>
        )}
      </p>
      {summary && <p {...storyLanguage}>{summary}</p>}
      <p class="hint">
        <RecordedTime recorded={next.recorded} />
        {next.by !== null && `, ${next.by}`}
        {next.reason !== null && (
          <>
            {'. '}
            <span class="label">{words.why}</span> <bdi {...storyLanguage}>{next.reason}</bdi>
          </>
        )}
      </p>
    </li>
  );
}

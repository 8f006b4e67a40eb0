import type { Byline } from '#domain';
import { Fragment } from 'preact';
import { usePageContext } from '../page-context.js';

/** Who wrote it: "By Ada Quill (correspondent) in Berlin and Wire". Nothing where nobody is named. */
export function Written({ by }: { by: Byline | null }) {
  const { words, storyLanguage } = usePageContext();
  if (!by?.length) return null;
  return (
    <p class="hint">
      {words.writtenBy}{' '}
      {by.map(({ name, role, place, sameAs }, n) => (
        <Fragment key={name}>
          {n > 0 && (n < by.length - 1 ? ', ' : ` ${words.and} `)}
          <bdi {...storyLanguage}>
            {sameAs ? (
              <a rel="author" href={sameAs}>
                {name}
              </a>
            ) : (
              name
            )}
            {role && ` (${role})`}
          </bdi>
          {place && (
            <>
              {` ${words.inPlace} `}
              <bdi {...storyLanguage}>{place}</bdi>
            </>
          )}
        </Fragment>
      ))}
    </p>
  );
}

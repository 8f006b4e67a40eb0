import { Fragment } from 'preact';
import { usePageContext } from '../page-context.js';
import type { CaptureView } from '../view.js';
import { RecordedTime } from './facts.js';

/** Pages that an update links to, as the newsroom captured them: text alone, so that no reader's browser asks their sites for anything. */
export function Captured({ pages }: { pages: readonly CaptureView[] | undefined }) {
  const { words } = usePageContext();
  if (!pages?.length) return null;
  return (
    <>
      {pages.map(({ url, title, author, site, published, text, at }) => (
        <aside key={url} class="captured" dir="auto">
          <p>
            <a href={url} rel="external nofollow noopener noreferrer">
              <bdi>{title ?? url}</bdi>
            </a>
          </p>
          {text && <p>{text}</p>}
          <p class="hint">
            {[author, site, published?.slice(0, 10), new URL(url).host]
              .filter((said, n, all) => said !== undefined && all.indexOf(said) === n)
              .map(said => (
                <Fragment key={said}>
                  <bdi>{said}</bdi>,{' '}
                </Fragment>
              ))}
            {words.captured} <RecordedTime recorded={at} />
          </p>
        </aside>
      ))}
    </>
  );
}

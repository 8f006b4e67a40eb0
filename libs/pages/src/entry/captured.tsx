import { Fragment } from 'preact';
import { usePageContext } from '../page-context.js';
import type { CaptureView } from '../view.js';
import { pageChanges } from './captured-again.js';
import { capitalised } from '../wording.js';
import { RecordedTime } from './facts.js';

/** Pages that an update links to, as the newsroom captured them: text alone, so that no reader's browser asks their sites for anything. */
export function Captured({ pages }: { pages: readonly CaptureView[] | undefined }) {
  const { words } = usePageContext();
  if (!pages?.length) return null;
  return (
    <>
      {pages.map(page => {
        const { url, title, author, site, published, text, at, again } = page;
        return (
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
            {again && <Again first={page} again={again} />}
          </aside>
        );
      })}
    </>
  );
}

/** What the page said the latest time: the fields that changed, and what they say since. */
function Again({ first, again }: { first: CaptureView; again: NonNullable<CaptureView['again']> }) {
  const { words } = usePageContext();
  const { fields, gone, again: saidAgain, changed, unchanged, noLonger } = words.capturedAgain;
  const when = <RecordedTime recorded={again.at} beside={first.at} />;
  if (again.gone)
    return (
      <p class="hint">
        {gone} {when}
      </p>
    );
  const changes = pageChanges(first, again);
  return (
    <>
      <p class="hint">
        {saidAgain} {when}: {changes.length > 0 ? changed(changes.map(({ field }) => fields[field])) : unchanged}
      </p>
      {changes.map(({ field, to }) => (
        <p key={field}>
          {capitalised(fields[field])}: {to === undefined ? noLonger : <bdi>{to}</bdi>}
        </p>
      ))}
    </>
  );
}

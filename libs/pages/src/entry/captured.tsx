import { Fragment } from 'preact';
import { usePageContext } from '../page-context.js';
import type { CaptureView } from '../view.js';
import { srcSet } from './pictures.js';
import { pageChanges } from './captured-again.js';
import { capitalised } from '../wording.js';
import { RecordedTime } from './facts.js';

type PagePicture = NonNullable<CaptureView['picture']>;
/** How wide a card shows a picture; see `.captured`. */
const sizes = '(min-width: 30rem) 10rem, 6rem';

/** The picture of a page, from this server. */
function PagePicture({ of: { alt, colour, sources } }: { of: PagePicture }) {
  const plain = sources.findLast(({ type }) => type === 'image/jpeg') ?? sources.at(-1);
  if (!plain) return null;
  const modern = sources.filter(({ type }) => type === 'image/webp');
  const { href, width, height } = plain;
  return (
    <div class="page-picture">
      {colour && (
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect width="100%" height="100%" fill={colour} />
        </svg>
      )}
      <picture>
        {modern.length > 0 && <source type="image/webp" srcset={srcSet(modern)} sizes={sizes} />}
        <img src={href} width={width} height={height} alt={alt} loading="lazy" decoding="async" />
      </picture>
    </div>
  );
}

/** Pages that an update links to, as the newsroom captured them. The pictures are its own copies: no reader's browser asks their sites. */
export function Captured({ pages }: { pages: readonly CaptureView[] | undefined }) {
  const { words } = usePageContext();
  if (!pages?.length) return null;
  return (
    <>
      {pages.map(page => {
        const { url, title, author, site, published, text, picture, at, again } = page;
        return (
          <aside key={url} class="captured" dir="auto">
            {picture && <PagePicture of={picture} />}
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
        <Fragment key={field}>
          <p>
            {capitalised(fields[field])}: {to === undefined ? noLonger : field !== 'picture' && <bdi>{to}</bdi>}
          </p>
          {field === 'picture' && again.picture && <PagePicture of={again.picture} />}
        </Fragment>
      ))}
    </>
  );
}

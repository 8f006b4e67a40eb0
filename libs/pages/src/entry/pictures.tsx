import { usePageContext } from '../page-context.js';
import { isoDuration, occurredText } from '../occurred.js';
import type { MediumView } from '../view.js';

/** How wide a picture is shown: the width of the window, or of the column. */
const sizes = '(min-width: 46rem) 42rem, 92vw';
/** How wide it is shown in the list of stories; see `.thumbnail`. */
const listSizes = '(min-width: 50rem) 12rem, 7rem';
const fallback = 'image/jpeg';
/** The width in pixels of the rendition for programs that choose none. */
const plainWidth = 960;

export const srcSet = (sources: MediumView['sources']): string =>
  sources.map(({ href, width }) => `${href} ${width}w`).join(', ');

type Shape = Pick<MediumView, 'focus' | 'width' | 'height'>;
/**
 * The class that keeps the chosen point visible where the picture is cut to a shape, its width per height: the nearest tenth of the side
 * that is cut, because pages allow no style in an attribute.
 */
function focusClass({ focus, width, height }: Shape, shape: number): string | undefined {
  if (!focus) return undefined;
  const [side, percent] = width > height * shape ? ['x', focus.x] : ['y', focus.y];
  return `${side}${Math.round(percent / 10)}`;
}

/** The shape of pictures in a list; see `.thumbnail`. */
const listShape = 3 / 2;
/** The highest shape in which a picture with a chosen point is shown; see `.is-cut`. */
const highestShape = 4 / 5;

/** A picture in a list: small, cut to one shape, as WebP, and as JPEG for browsers that do not read that. */
export function Thumbnail({ medium }: { medium: MediumView }) {
  const { alt, colour, sources } = medium;
  const byType = Map.groupBy(sources, ({ type }) => type);
  const plain = (byType.get(fallback) ?? sources)[0];
  const modern = byType.get('image/webp');
  if (!plain) return null;
  const { href, width, height } = plain;
  return (
    <div class="thumbnail">
      {colour && (
        <svg aria-hidden="true">
          <rect width="100%" height="100%" fill={colour} />
        </svg>
      )}
      <picture class={focusClass(medium, listShape)}>
        {modern && <source type="image/webp" srcset={srcSet(modern)} sizes={listSizes} />}
        <img src={href} width={width} height={height} alt={alt} loading="lazy" decoding="async" />
      </picture>
    </div>
  );
}

function Credentials({ found }: { found: NonNullable<MediumView['credentials']> }) {
  const { words, times } = usePageContext();
  const from = found.signed?.slice(0, 10);
  return <small dir="auto">{words.credentials(found, from && occurredText({ precision: 'day', from }, times))}</small>;
}

const plainOf = (sources: MediumView['sources']) =>
  sources.findLast(({ type, width }) => type === fallback && width <= plainWidth) ?? sources[0]!;

/** A picture in its place: the browser knows its shape before it is loaded, so nothing moves. */
function Shown({ medium }: { medium: MediumView }) {
  const { alt, focus, width, height, colour, recording, sources } = medium;
  const byType = Map.groupBy(sources, ({ type }) => type);
  const plain = byType.get(fallback) ?? sources;
  const shown = plainOf(plain);
  return (
    <div class={focus && width < height * highestShape ? `is-cut ${focusClass(medium, highestShape)}` : undefined}>
      {colour && (
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <rect width="100%" height="100%" fill={colour} />
        </svg>
      )}
      <picture>
        {[...byType].map(
          ([type, each]) => type !== fallback && <source key={type} type={type} srcset={srcSet(each)} sizes={sizes} />,
        )}
        <img
          src={shown.href}
          srcset={srcSet(plain)}
          sizes={sizes}
          width={width}
          height={height}
          // What a sound is about is said by its player.
          alt={recording ? '' : alt}
          loading="lazy"
          decoding="async"
        />
      </picture>
    </div>
  );
}

type RecordingView = NonNullable<MediumView['recording']>;

/** The file and its captions. */
function Tracks({ of: { href, type, captions } }: { of: RecordingView }) {
  const { words, storyLanguage } = usePageContext();
  return (
    <>
      <source src={href} type={type} />
      {captions && (
        <track kind="captions" src={captions.href} srclang={storyLanguage.lang} label={words.captions} default />
      )}
    </>
  );
}

/** A recording in its place. Nothing of it is loaded before a reader plays it, and nothing moves then. */
function Player({ medium, recording }: { medium: MediumView; recording: RecordingView }) {
  const { width, height } = recording;
  // Captions on another site's page are read only where both sides say so.
  const usual = { controls: true, preload: 'none', 'aria-label': medium.alt, crossorigin: 'anonymous' } as const;
  if (width !== undefined && height !== undefined)
    return (
      <video {...usual} playsinline poster={plainOf(medium.sources).href} width={width} height={height}>
        <Tracks of={recording} />
      </video>
    );
  return (
    <>
      <Shown medium={medium} />
      <audio {...usual}>
        <Tracks of={recording} />
      </audio>
    </>
  );
}

/** How long a recording is, as players show it. */
function Lasting({ ms }: { ms: number }) {
  const seconds = Math.round(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  const digits = shown.map((part, n) => (n === 0 ? String(part) : String(part).padStart(2, '0')));
  return <time datetime={isoDuration(ms)}>{digits.join(':')} </time>;
}

/** A picture or a recording, with what is said of it. */
function Picture({ medium }: { medium: MediumView }) {
  const { storyLanguage } = usePageContext();
  const { caption, credit, credentials, recording } = medium;
  return (
    <figure class="picture" {...storyLanguage}>
      {recording ? <Player medium={medium} recording={recording} /> : <Shown medium={medium} />}
      {(caption || credit || credentials || recording) && (
        <figcaption>
          {caption} {credit && <small>{credit}</small>} {recording && <Lasting ms={recording.lasts} />}
          {credentials && <Credentials found={credentials} />}
        </figcaption>
      )}
    </figure>
  );
}

/** The pictures of an update, or of its report before a correction. */
export const Pictures = ({ of }: { of: readonly MediumView[] | undefined }) => (
  <>
    {of?.map(medium => (
      <Picture key={medium.picture} medium={medium} />
    ))}
  </>
);

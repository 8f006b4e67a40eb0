import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import type { EntryView, KindShape, ReportedView } from '../view.js';
import { capitalised } from '../wording.js';
import { Acts, Superseded, Tombstone } from './acts.js';
import { Written } from './byline.js';
import { Captured } from './captured.js';
import { Details, wordsOf } from './details.js';
import { drawingOf } from './drawings/index.js';
import { ActorLink, Clock, Known, Links, Modality, RecordedTime, When } from './facts.js';
import { Pictures } from './pictures.js';
import { unqualified } from './state.js';

/** A kind's icon; the page holds each drawing once, see `KindIcons`. */
export const KindIcon = ({ kind }: { kind: string }) => (
  <svg class="icon" aria-hidden="true" viewBox="0 0 24 24">
    <use href={`#k-${kind}`} />
  </svg>
);

interface Shown {
  readonly entry: EntryView;
  /** On a separate page, or in a preview. */
  readonly standalone?: boolean;
  /** Names the day of posting, as no heading above does. */
  readonly dated?: boolean;
  /** The title of the update that replaced it, where it is shown. */
  readonly replacedBy?: string | undefined;
}

/** What is shown of a kind that this build does not know. */
export const unknownKind: KindShape = { title: '', fields: [] };

function quoteIn({ data }: ReportedView, { quote }: KindShape, actors: EntryView['actors']) {
  const words = quote && data?.[quote.words];
  if (typeof words !== 'string') return undefined;
  const by = data?.[quote!.by];
  return { words, by: actors.find(({ id }) => id === by)?.name ?? String(by) };
}

/**
 * Whether the body or the drawing says what the headline was made of: the first words of the body, or a score. The heading is then only
 * for screen readers.
 */
const isSaidBelow = ({ bodyHtml, kind, data }: ReportedView, headline: string): boolean =>
  (bodyHtml !== null && wordsOf(bodyHtml).startsWith(wordsOf(headline))) ||
  drawingOf(kind, data)?.says?.(data as never, headline) === true;

/** Whether the headline is the speaker and the quote, as the catalogue makes it, and no other word. */
const saysOnly = (headline: string, quote: string): boolean =>
  headline.includes(quote) && /^[^:]*:[\p{P}\s]*$/u.test(headline.replace(quote, ''));

/** The headline. If it would only repeat the quote: the speaker and the quote. */
function ReadableEntry({ entry, shape, level }: { entry: EntryView; shape: KindShape; level: 'h2' | 'h3' }) {
  const { storyLanguage } = usePageContext();
  const Heading = level;
  const quote = quoteIn(entry, shape, entry.actors);
  const only = quote && saysOnly(entry.headline, quote.words);
  const headline = unqualified(entry.headline, entry.modality);
  return (
    <>
      <Heading class={only ? 'speaker' : isSaidBelow(entry, headline) ? 'unseen' : undefined} {...storyLanguage}>
        {capitalised(only ? quote.by : headline)}
      </Heading>
      {quote && (
        <blockquote {...storyLanguage}>
          <p>{quote.words}</p>
          {!only && <footer>{capitalised(quote.by)}</footer>}
        </blockquote>
      )}
    </>
  );
}

/** Whether the source and the time say nothing: a plain update of the desk. */
const saysNothing = ({ sourcing, standing, occurred }: EntryView, { fields }: KindShape): boolean =>
  fields.length === 0 &&
  standing === 'reported' &&
  sourcing.basis === 'desk' &&
  !(sourcing.actor ?? sourcing.group ?? occurred.from ?? occurred.to);

/** The report, its sourcing, and the changes since. */
function Reported({ entry, shape, level, replacedBy }: Shown & { shape: KindShape; level: 'h2' | 'h3' }) {
  const { storyLanguage } = usePageContext();
  const drawing = drawingOf(entry.kind, entry.data);
  return (
    <>
      {entry.status === 'superseded' && <Superseded by={entry.supersededBy} title={replacedBy} />}
      <Modality {...entry.modality} />
      <ReadableEntry entry={entry} shape={shape} level={level} />
      <Written by={entry.byline} />
      {drawing?.first && <drawing.Draw data={entry.data as never} actors={entry.actors} />}
      {entry.bodyHtml && <div class="body" {...storyLanguage} dangerouslySetInnerHTML={{ __html: entry.bodyHtml }} />}
      <Pictures of={entry.media} />
      <Details entry={entry} shape={shape} actors={entry.actors} />
      <Captured pages={entry.captures} />
      {!saysNothing(entry, shape) && (
        <p class="source">
          <Known sourcing={entry.sourcing} standing={entry.standing} actors={entry.actors} />
          <When occurred={entry.occurred} mode={entry.modality.mode} shape={shape} beside={entry.recorded} />
        </p>
      )}
      <Links to={entry.links} />
      <Acts {...entry} />
    </>
  );
}

/** Whom the update names. */
const Actors = ({ actors }: Pick<EntryView, 'actors'>) =>
  actors.length === 0 ? null : (
    <ul class="actors">
      {actors.map(actor => (
        <li key={actor.id}>
          <ActorLink {...actor} />
        </li>
      ))}
    </ul>
  );

/** One update, as readers see it. */
export function Entry({ entry, standalone = false, dated = standalone, replacedBy }: Shown) {
  const { words, kinds, story } = usePageContext();
  const shape = kinds[entry.kind] ?? unknownKind;
  const withdrawn = entry.status !== 'active' && entry.status !== 'superseded';
  const { recorded } = entry;
  return (
    <article class={`entry is-${entry.status} is-${entry.modality.mode}${entry.key ? ' is-key' : ''}`}>
      <p class="kicker">
        <a class="posted" href={links.development(story, entry.id)}>
          <span class="unseen">{words.posted} </span>
          {dated ? <RecordedTime recorded={recorded} /> : <Clock recorded={recorded} />}
        </a>
        <KindIcon kind={entry.kind} />
        <span class="kind">{shape.title || entry.kind}</span>
        {entry.key && <span class="badge">{words.keyEvent}</span>}
        <button class="button-quiet needs-js" type="button" data-copy="">
          {words.copy}
        </button>
      </p>
      {withdrawn ? (
        <Tombstone entry={entry} />
      ) : (
        <Reported entry={entry} shape={shape} level={standalone ? 'h2' : 'h3'} replacedBy={replacedBy} />
      )}
      <Actors actors={entry.actors} />
    </article>
  );
}

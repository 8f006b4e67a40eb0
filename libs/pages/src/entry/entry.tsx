import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import type { EntryView, KindShape, ReportedView } from '../view.js';
import { capitalised } from '../wording.js';
import { Acts, Superseded, Tombstone } from './acts.js';
import { Written } from './byline.js';
import { Details, wordsOf } from './details.js';
import { drawingOf } from './drawings/index.js';
import { ActorLink, Known, Links, Modality, OccurredTime, RecordedTime } from './facts.js';
import { nameOf, unqualified } from './state.js';

/** A kind's icon; the page holds each drawing once, see `KindIcons`. */
export const KindIcon = ({ kind }: { kind: string }) => (
  <svg class="icon" aria-hidden="true" viewBox="0 0 24 24">
    <use href={`#k-${kind}`} />
  </svg>
);

const unknownKind: KindShape = { title: '', fields: [] };

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
function Reported({ entry, shape, level }: { entry: EntryView; shape: KindShape; level: 'h2' | 'h3' }) {
  const { words, storyLanguage } = usePageContext();
  const drawing = drawingOf(entry.kind, entry.data);
  return (
    <>
      {entry.status === 'superseded' && <Superseded by={entry.supersededBy} />}
      <Modality {...entry.modality} />
      <ReadableEntry entry={entry} shape={shape} level={level} />
      <Written by={entry.byline} />
      {drawing?.first && <drawing.Draw data={entry.data as never} actors={entry.actors} />}
      {entry.bodyHtml && <div class="body" {...storyLanguage} dangerouslySetInnerHTML={{ __html: entry.bodyHtml }} />}
      <Details entry={entry} shape={shape} actors={entry.actors} />
      {!saysNothing(entry, shape) && (
        <p class="source">
          <Known sourcing={entry.sourcing} standing={entry.standing} actors={entry.actors} />
          <span class="when">
            <span class="unseen">{words.happened}: </span>
            <OccurredTime occurred={entry.occurred} />
          </span>
        </p>
      )}
      <Links to={entry.links} />
      <Acts id={entry.id} corrections={entry.corrections} checks={entry.checks} edits={entry.edits} />
    </>
  );
}

/** The update's actors and address. `name` identifies the update to screen readers. */
function Tools({ entry, name }: { entry: EntryView; name: string }) {
  const { words, story } = usePageContext();
  return (
    <footer class="tools">
      {entry.actors.length > 0 && (
        <ul class="actors">
          {entry.actors.map(actor => (
            <li key={actor.id}>
              <ActorLink {...actor} />
            </li>
          ))}
        </ul>
      )}
      <span class="share">
        <button class="button-quiet needs-js" type="button" data-copy>
          {words.copy}
          <span class="unseen">: {name}</span>
        </button>
        <a class="permalink" href={links.development(story, entry.id)}>
          <span aria-hidden="true">#</span>
          <span class="unseen">
            {words.permalink}: {name}
          </span>
        </a>
      </span>
    </footer>
  );
}

/** One update, as readers see it. `standalone` is for a separate page or a preview. */
export function Entry({ entry, standalone = false }: { entry: EntryView; standalone?: boolean }) {
  const { words, kinds } = usePageContext();
  const shape = kinds[entry.kind] ?? unknownKind;
  const withdrawn = entry.status !== 'active' && entry.status !== 'superseded';
  return (
    <article class={`entry is-${entry.status} is-${entry.modality.mode}${entry.key ? ' is-key' : ''}`}>
      <p class="kicker">
        <KindIcon kind={entry.kind} />
        <span class="kind">{shape.title || entry.kind}</span>
        {entry.key && <span class="badge">{words.keyEvent}</span>}
        <span class="posted">
          <span class="unseen">{words.posted} </span>
          <RecordedTime recorded={entry.recorded} />
        </span>
      </p>
      {withdrawn ? (
        <Tombstone entry={entry} />
      ) : (
        <Reported entry={entry} shape={shape} level={standalone ? 'h2' : 'h3'} />
      )}
      <Tools entry={entry} name={entry.status === 'taken-down' ? shape.title : nameOf(entry, words)} />
    </article>
  );
}

import type { Facet } from '#domain';
import { isolated } from '#domain/bidi';
import { usePageContext } from '../page-context.js';
import { KindIcons } from '../kinds.js';
import { Frame } from '../frame.js';
import { links, noFilter, storyAddress } from '../links.js';
import { MomentForm, Then, type Asked } from '../moment/form.js';
import type { Elsewhere } from '../reader/page.js';
import type { ActorView, CellView, Named, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import { Cell } from './cell.js';
import { pageWords } from '../words/page-words.js';

/** The data of an actor's page. */
export interface ActorPageProps {
  readonly story: StoryPage;
  readonly actor: ActorView;
  readonly cells: readonly CellView[];
  /** Every actor whom the cells name. */
  readonly actors: readonly Named[];
  readonly affiliations: readonly Named[];
  /** How many cells the actor has of each facet, on all pages, and the address of the page that shows only these. */
  readonly facets: readonly { readonly facet: Facet; readonly cells: number; readonly address: string }[];
  /** The only facet that the page shows; null for all. */
  readonly only: Facet | null;
  /** The addresses of the next and the first page of cells; null if there is none. */
  readonly next: string | null;
  readonly start: string | null;
  readonly asked: Asked | undefined;
  readonly elsewhere: Elsewhere;
}

/** The cells by facet, in the order in which each facet first occurs. */
export const byFacet = (cells: readonly CellView[]): [Facet, CellView[]][] => [
  ...Map.groupBy(cells, ({ facet }) => facet),
];

function About({ actor, affiliations: known }: Pick<ActorPageProps, 'actor' | 'affiliations'>) {
  const { words, storyLanguage } = usePageContext();
  const { kind, aliases, affiliations, description } = actor;
  const name = (id: string) => capitalised(known.find(found => found.id === id)?.name ?? id);
  return (
    <>
      <p class="status">{pageWords(words).actor.kinds[kind]}</p>
      <h1 {...storyLanguage}>{capitalised(actor.name)}</h1>
      {description && (
        <p class="deck" {...storyLanguage}>
          {description}
        </p>
      )}
      <dl class="facts">
        {affiliations.length > 0 && (
          <div>
            <dt>{pageWords(words).actor.affiliations}</dt>
            <dd {...storyLanguage}>{affiliations.map(id => isolated(name(id))).join(', ')}</dd>
          </div>
        )}
        {aliases.length > 0 && (
          <div>
            <dt>{pageWords(words).actor.aliases}</dt>
            <dd {...storyLanguage}>{aliases.map(isolated).join(', ')}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

type Facets = Pick<ActorPageProps, 'facets' | 'only'>;

/** How many cells a facet has, and where all of them are, if the page shows only some. */
function AllOf({ facet, facets, only, shown }: Facets & { readonly facet: Facet; readonly shown: number }) {
  const { words } = usePageContext();
  const all = facets.find(each => each.facet === facet);
  if (!all || all.cells <= shown) return null;
  const marks = pageWords(words).actor.marks(all.cells);
  return <p class="hint">{only ? marks : <a href={all.address}>{marks}</a>}</p>;
}

/** The facets of which the page shows nothing. */
function Others({ facets, cells }: Pick<ActorPageProps, 'facets' | 'cells'>) {
  const { words } = usePageContext();
  const shown = new Set(cells.map(({ facet }) => facet));
  const others = facets.filter(({ facet }) => !shown.has(facet));
  if (others.length === 0) return null;
  return (
    <ul class="hint">
      {others.map(({ facet, cells: count, address }) => (
        <li key={facet}>
          <a href={address}>
            {pageWords(words).facets[facet]}: {pageWords(words).actor.marks(count)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The page of one actor's state, cell by cell, now or at a moment. */
export function ActorPage(props: ActorPageProps) {
  const { story, actor, affiliations, cells, facets, only, actors, asked, next, start } = props;
  const { words } = usePageContext();
  const { moment } = pageWords(words);
  const mine = storyAddress(story.id, 'newest', { ...noFilter, actors: [actor.id] });
  return (
    <Frame here="other" position={story.position}>
      <KindIcons />
      <header class="story">
        <About actor={actor} affiliations={affiliations} />
        <details class="moment" open={asked !== undefined}>
          <summary>{moment.title}</summary>
          <MomentForm action={links.actor(story.id, actor.id)} asked={asked} zone={story.zone} />
        </details>
        {asked && <Then asked={asked} now={links.actor(story.id, actor.id)} />}
        <p>
          <a href={mine}>{pageWords(words).actor.timeline(isolated(actor.name))}</a>
        </p>
      </header>
      <h2 class="unseen">{pageWords(words).actor.state}</h2>
      {cells.length === 0 && (
        <p class="notice">{asked ? pageWords(words).actor.nothingThen : pageWords(words).actor.nothing}</p>
      )}
      <div class="facets">
        {byFacet(cells).map(([facet, inFacet]) => (
          <section key={facet} class="facet" aria-labelledby={`facet-${facet}`}>
            <h2 id={`facet-${facet}`}>{pageWords(words).facets[facet]}</h2>
            <ul>
              {inFacet.map(cell => (
                <Cell key={cell.key} cell={cell} actors={actors} />
              ))}
            </ul>
            <AllOf {...{ facet, facets, only }} shown={inFacet.length} />
          </section>
        ))}
      </div>
      {only === null && <Others facets={facets} cells={cells} />}
      {(start || next) && (
        <nav class="paging" aria-label={pageWords(words).actor.state}>
          {start && (
            <a class="button" href={start}>
              {pageWords(words).timeline.first}
            </a>
          )}
          {next && (
            <a class="button" rel="next" href={next}>
              {pageWords(words).actor.more}
            </a>
          )}
        </nav>
      )}
    </Frame>
  );
}

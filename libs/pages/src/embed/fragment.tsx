import { directionOf } from '#domain/language';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Cell } from '../actor/cell.js';
import { byFacet } from '../actor/page.js';
import type { Brand } from '../brand.js';
import { Entry } from '../entry/entry.js';
import { showable } from '../html.js';
import { KindIcons } from '../kinds.js';
import { links } from '../links.js';
import { zonePlace } from '../occurred.js';
import { pageContext, PageContextProvider, type StoryContext } from '../page-context.js';
import { KeyPoints } from '../reader/key-points.js';
import type { ActorView, CellView, EntryView, KeyPointView, Named, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import { wordsFor } from '../words/index.js';
import { pageWords } from '../words/page-words.js';
import { elementOf, embedStyle, type Embedded } from './address.js';
import { withLinksTo } from './links.js';

interface Common {
  readonly story: StoryPage;
  /** See `Loaded` in libs/client. */
  readonly rewrites: number | undefined;
  readonly kinds: StoryContext['kinds'];
  /** The public base URL, without a final slash. */
  readonly base: string;
  readonly brand: Brand;
}

/** A story on another site's page. */
export interface StoryFragment extends Common {
  readonly points: readonly KeyPointView[];
  /** The newest. */
  readonly entries: readonly EntryView[];
}
/** An update on another site's page. */
export interface UpdateFragment extends Common {
  readonly entry: EntryView;
  /** The title of the update that replaced it. */
  readonly replacedBy: string | undefined;
}
/** An actor's state on another site's page. */
export interface StateFragment extends Common {
  readonly actor: ActorView;
  readonly cells: readonly CellView[];
  /** Every actor whom the cells name. */
  readonly actors: readonly Named[];
}

/** Where it is from: the story, the publisher, and by whose clock its times are. */
function From({ story, brand, children }: Pick<Common, 'story' | 'brand'> & { children?: ComponentChildren }) {
  const words = wordsFor(story.language);
  return (
    <footer class="from">
      {children}
      <p>
        <a href={links.story(story.id)}>
          <bdi>{story.title}</bdi>
        </a>{' '}
        · {brand.name} · {words.zoneOfStory(zonePlace(story.zone))}
      </p>
    </footer>
  );
}

/** The fragment: the element with its content in a shadow tree, which browsers show without a script. */
function fragment(
  common: Common,
  shows: Embedded,
  page: string,
  icons: readonly string[],
  /** Makes the content: only then do its links lead to us. */
  body: () => ComponentChildren,
): string {
  const { story, rewrites, kinds, base, brand } = common;
  const value = pageContext({ story: story.id, language: story.language, zone: story.zone, kinds, brand });
  const Element = elementOf(shows) as 'div';
  const declared = { shadowrootmode: 'open' } as object;
  return withLinksTo(base, () =>
    showable(
      renderToString(
        <Element {...{ src: base + page }}>
          <template {...declared}>
            <link rel="stylesheet" href={base + embedStyle} />
            <div
              class="dateline"
              lang={value.words.tag}
              dir={directionOf(story.language)}
              data-position={story.position}
              data-rewrites={rewrites}
            >
              <PageContextProvider.Provider value={value}>
                <KindIcons of={icons} />
                {body()}
              </PageContextProvider.Provider>
            </div>
          </template>
        </Element>,
      ),
    ),
  );
}

/** Renders a story for another site's page: what is known, and the newest updates. */
export function storyFragment(props: StoryFragment): string {
  const { story, points, entries } = props;
  const words = wordsFor(story.language);
  const kinds = entries.map(({ kind }) => kind);
  return fragment(props, { story: story.id }, links.story(story.id), kinds, () => (
    <section class="embedded">
      <p class="status">
        <span class={`live is-${story.status}`}>{story.status === 'open' ? words.live : words.closed}</span>
      </p>
      <h2 class="title">
        <a href={links.story(story.id)}>{story.title}</a>
      </h2>
      {story.summary && <p class="deck">{story.summary}</p>}
      {points.length > 0 && (
        <div class="points">
          <KeyPoints points={points} />
        </div>
      )}
      <ol class="timeline">
        {entries.map(entry => (
          <li key={entry.id}>
            <Entry entry={entry} dated />
          </li>
        ))}
      </ol>
      <From {...props}>
        <p>
          <a href={links.story(story.id)}>{pageWords(words).embed.wholeStory}</a>
        </p>
      </From>
    </section>
  ));
}

/** Renders an update for another site's page. */
export function updateFragment(props: UpdateFragment): string {
  const { story, entry, replacedBy } = props;
  return fragment(
    props,
    { story: story.id, development: entry.id },
    links.development(story.id, entry.id),
    [entry.kind],
    () => (
      <section class="embedded">
        <Entry entry={entry} standalone replacedBy={replacedBy} />
        <From {...props} />
      </section>
    ),
  );
}

/** Renders an actor's state for another site's page. */
export function stateFragment(props: StateFragment): string {
  const { story, actor, cells, actors } = props;
  const words = pageWords(wordsFor(story.language));
  const page = links.actor(story.id, actor.id);
  return fragment(props, { story: story.id, actor: actor.id }, page, [], () => (
    <section class="embedded">
      <p class="status">{words.actor.kinds[actor.kind]}</p>
      <h2 class="title">
        <a href={page}>{capitalised(actor.name)}</a>
      </h2>
      {actor.description && <p class="deck">{actor.description}</p>}
      {cells.length === 0 && <p>{words.actor.nothing}</p>}
      {byFacet(cells).map(([facet, inFacet]) => (
        <section key={facet} class="facet">
          <h3>{words.facets[facet]}</h3>
          <ul>
            {inFacet.map(cell => (
              <Cell key={cell.key} cell={cell} actors={actors} />
            ))}
          </ul>
        </section>
      ))}
      <From {...props}>
        <p>
          <a href={page}>{words.embed.wholeState}</a>
        </p>
      </From>
    </section>
  ));
}

import { usePageContext } from '../page-context.js';
import { Days } from '../entry/days.js';
import { Entry } from '../entry/entry.js';
import { KindIcons } from '../kinds.js';
import { Frame } from '../frame.js';
import { links, storyAddress } from '../links.js';
import type { ChangeView, EntryView, HeaderView, KeyPointView, Named, StoryPage } from '../view.js';
import { pageWords } from '../words/page-words.js';
import { Headline } from './headline.js';
import { KeyPoints } from './key-points.js';
import { Conditions, KeyEvents, LastChange, People, Pinned } from './parts.js';
import type { ReaderState } from './state.js';
import { isFiltered, Toolbar } from './toolbar.js';

/** The data of the live blog's page. */
export interface ReaderPageProps {
  readonly story: StoryPage;
  /** The versions of its header, the current one first. */
  readonly headers: readonly HeaderView[];
  /** The title of the story in which the coverage goes on; null where readers have none. */
  readonly continued: string | null;
  readonly points: readonly KeyPointView[];
  readonly state: ReaderState;
  readonly entries: readonly EntryView[];
  readonly pinned: EntryView | null;
  readonly people: readonly (Named & { readonly marks: number })[];
  readonly last: ChangeView | undefined;
  /** The addresses of the next and the first page; null on the last and on the first one. */
  readonly next: string | null;
  readonly start: string | null;
  readonly elsewhere: Elsewhere;
}

/** A picture for previews on other sites; `alt` is empty where it only decorates. */
export interface Preview {
  readonly href: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** The page's address, and its other formats. */
export interface Elsewhere {
  /** The page's absolute address. */
  readonly page: string;
  readonly feeds: readonly { readonly uri: string; readonly type: string }[];
  /** The picture that represents the page: its absolute address, its size in pixels, and what it shows. */
  readonly image?: Preview | undefined;
  /** The page's schema.org data. */
  readonly jsonLd: object;
}

function Header({
  story,
  headers,
  last,
  continued,
}: Pick<ReaderPageProps, 'story' | 'headers' | 'last' | 'continued'>) {
  const { words } = usePageContext();
  return (
    <header class="story">
      <p class="status">
        <span id="status" class={`live is-${story.status}`}>
          {story.status === 'open' ? words.live : words.closed}
        </span>
        <span id="connection" class="connection" role="status" />
      </p>
      <p id="continues" hidden={story.continues === null}>
        <a {...(story.continues !== null && { href: links.story(story.continues) })}>
          {words.continues}
          {continued !== null && (
            <>
              : <bdi>{continued}</bdi>
            </>
          )}
        </a>
      </p>
      <div id="headline">
        <Headline headers={headers} />
      </div>
      <p id="last" class="last">
        {last && <LastChange change={last} />}
      </p>
    </header>
  );
}

function Paging({ next, start, state }: Pick<ReaderPageProps, 'next' | 'start' | 'state'>) {
  const { words } = usePageContext();
  const { newer, first, older, later } = pageWords(words).timeline;
  if (!next && !start) return null;
  const newest = state.order === 'newest';
  return (
    <nav class="paging" aria-label={words.updates}>
      {start && (
        <a class="button" href={start}>
          {newest ? newer : first}
        </a>
      )}
      {next && (
        <a class="button" rel="next" href={next}>
          {newest ? older : later}
        </a>
      )}
    </nav>
  );
}

/** The live blog: complete as served; a script only updates it. */
export function ReaderPage(props: ReaderPageProps) {
  const { words } = usePageContext();
  const { story, state, entries, pinned, people } = props;
  const conditions = Object.keys(story.conditions).length > 0;
  const { nothing, nothingFits } = pageWords(words).timeline;
  return (
    <Frame here="story" skipTo="updates" position={state.position}>
      <KindIcons />
      <Header {...props} />
      <section id="points" class="points" aria-label={words.known} hidden={props.points.length === 0}>
        <KeyPoints points={props.points} />
      </section>
      <div class="columns">
        <section class="keys" aria-labelledby="keys-title" hidden={state.keyEvents.length === 0}>
          <h2 id="keys-title">{words.keyEvents}</h2>
          <div id="keys">
            <KeyEvents events={state.keyEvents} />
          </div>
        </section>
        <div class="stream">
          <section id="pinned" class="pinned" aria-labelledby="pinned-title" hidden={!pinned}>
            <h2 id="pinned-title">{words.pinned}</h2>
            <input id="pinned-all" type="checkbox" />
            <div id="pinned-entry">
              <Pinned entry={pinned} />
            </div>
            <label for="pinned-all">{words.showAll}</label>
          </section>
          <section id="updates" tabIndex={-1} aria-labelledby="updates-title">
            <Toolbar state={state} people={people} />
            <p id="since" role="status" />
            <p class="offer" role="status">
              <a id="offer" class="button button-main" href={storyAddress(story.id, 'newest', state.filter)} hidden />
            </p>
            <p id="told" class="unseen" role="status" />
            <Days id="timeline" entries={entries} item={entry => <Entry entry={entry} />} />
            {entries.length === 0 && <p class="notice">{isFiltered(state.filter) ? nothingFits : nothing}</p>}
            <Paging {...props} />
          </section>
        </div>
        <div class="side">
          <People people={people} />
          {conditions && (
            <section class="conditions" aria-labelledby="conditions-title">
              <h2 id="conditions-title">{words.conditions}</h2>
              <Conditions conditions={story.conditions} />
            </section>
          )}
        </div>
      </div>
    </Frame>
  );
}

import { isolated } from '#domain/bidi';
import { usePageContext } from '../page-context.js';
import { byFacet } from '../actor/page.js';
import { Says } from '../actor/cell.js';
import { Days } from '../entry/days.js';
import { Entry } from '../entry/entry.js';
import { KindIcons } from '../kinds.js';
import { ActorLink, Around, Known, Modality, Moment } from '../entry/facts.js';
import { folderAddress, historyAddress, links } from '../links.js';
import { Download, Frame } from '../frame.js';
import { MomentForm, type Asked } from '../moment/form.js';
import { momentText } from '../occurred.js';
import { KeyPoints } from '../reader/key-points.js';
import type { CellView, EntryView, KeyPointView, Named, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import { clocks, type Clock } from '../words/index.js';
import { pageWords } from '../words/page-words.js';
import { Differences, Mark, type DifferencesProps, type Difference } from './differences.js';

/** The first cells of one actor, and the differences at the other moment. */
export interface StateThen extends Named {
  readonly cells: readonly CellView[];
  /** The total number of facts. */
  readonly marks: number;
  /** The cells (facet and key) that differ, and whether anything does. */
  readonly differing: ReadonlySet<string>;
  readonly changed: boolean;
}

/** The data of the time machine's page. */
export interface HistoryPageProps extends DifferencesProps {
  readonly story: StoryPage;
  readonly clock: Clock;
  /** The latest moments of change by this clock, first to last. */
  readonly moments: readonly string[];
  /** Whether there are earlier ones, which the slider leaves out. */
  readonly earlier: boolean;
  /** The index of the shown moment, from 0; the last one is now. */
  readonly step: number;
  readonly asked: Asked;
  /** The page's entries at that moment, newest first. Undefined if the story did not exist yet. */
  readonly entries: readonly EntryView[] | undefined;
  /** The number of entries then, and the number of newer ones that the page skips. */
  readonly count: number;
  readonly skipped: number;
  /** The differences of the page's entries, by id. */
  readonly marks: ReadonlyMap<string, readonly Difference[]>;
  /** The key points at that moment, and how they differ, by the id of their words. */
  readonly points: readonly KeyPointView[];
  readonly pointMarks: ReadonlyMap<string, Difference>;
  readonly states: readonly StateThen[];
  /** Whether more actors had a state. */
  readonly others: boolean;
  readonly actors: readonly Named[];
}

/** The most facts of one facet that a page lists. */
const shown = 8;

/** Identifies a cell among those of one actor. */
export const cellId = ({ facet, key }: Pick<CellView, 'facet' | 'key'>): string => JSON.stringify([facet, key]);

function Clocks({ story, clock, asked, other }: HistoryPageProps) {
  const { words } = usePageContext();
  return (
    <nav class="orders clocks" aria-label={pageWords(words).moment.clock}>
      {clocks.map(each => (
        <a
          key={each}
          href={historyAddress(
            story.id,
            each,
            each === 'happened' || clock === 'happened' ? undefined : asked.at,
            other,
          )}
          aria-current={each === clock ? 'true' : undefined}
        >
          {pageWords(words).moment.clocks[each]}
        </a>
      ))}
    </nav>
  );
}

function Slider({ story, clock, moments, earlier, step, asked, other }: HistoryPageProps) {
  const { words, times } = usePageContext();
  const { history } = pageWords(words);
  const to = (at: string | undefined) => at && historyAddress(story.id, clock, at, other);
  const [back, on] = [to(moments[step - 1]), to(moments[step + 1])];
  return (
    <form class="slider" method="get" action={links.history(story.id)}>
      <input type="hidden" name="clock" value={clock} />
      {other && <input type="hidden" name="with" value={other} />}
      <label for="step">{history.slider}</label>
      <output for="step" id="moment" class="moment-shown">
        <Moment at={asked.at} />
      </output>
      <input
        id="step"
        type="range"
        name="step"
        min="0"
        max={Math.max(moments.length - 1, 0)}
        value={step}
        aria-valuetext={momentText(asked.at, times)}
      />
      {earlier && (
        <p class="hint">
          <Around text={history.earlier}>
            <Moment at={moments[0]!} />
          </Around>
        </p>
      )}
      <div class="steps">
        {back ? <a class="button" href={back} rel="prev">{`← ${history.previous}`}</a> : <span />}
        <span class="hint" id="step-of">
          {history.step(step + 1, moments.length)}
        </span>
        {on ? <a class="button" href={on} rel="next">{`${history.next} →`}</a> : <span />}
        <button class="no-js" type="submit">
          {pageWords(words).moment.show}
        </button>
      </div>
    </form>
  );
}

function States({ states, actors, others }: HistoryPageProps) {
  const { words, storyLanguage } = usePageContext();
  const names = new Map(actors.map(({ id, name }) => [id, name]));
  if (states.length === 0) return null;
  return (
    <section aria-labelledby="states-title" class="states">
      <h2 id="states-title">{pageWords(words).history.states}</h2>
      {states.map(({ id, name, marks, cells, differing, changed }) => (
        <details key={id}>
          <summary>
            <bdi {...storyLanguage}>{capitalised(name)}</bdi>{' '}
            <span class="count">{pageWords(words).actor.marks(marks)}</span>{' '}
            {changed && <span class="mark is-changed">{pageWords(words).history.changed}</span>}
          </summary>
          <p>
            <ActorLink id={id} name={name} />
          </p>
          {byFacet(cells).map(([facet, inFacet]) => (
            <div key={facet}>
              <h3 class="label">{pageWords(words).facets[facet]}</h3>
              <ul>
                {inFacet.slice(0, shown).map(cell => (
                  <li key={cell.key} class={differing.has(cellId(cell)) ? 'cell is-differing' : 'cell'}>
                    {cell.current ? (
                      <>
                        <Modality {...cell.current.modality} />
                        <Says citation={cell.current} cell={cell} names={names} />
                        <p class="source">
                          <Known sourcing={cell.current.sourcing} standing={cell.current.standing} actors={actors} />
                        </p>
                      </>
                    ) : (
                      <p class="superseded">{pageWords(words).actor.formerly}</p>
                    )}
                    {differing.has(cellId(cell)) && (
                      <span class="mark is-changed">{pageWords(words).history.changed}</span>
                    )}
                  </li>
                ))}
              </ul>
              {inFacet.length > shown && <p class="hint">{pageWords(words).history.more(inFacet.length - shown)}</p>}
            </div>
          ))}
        </details>
      ))}
      {others && <p class="hint">{pageWords(words).history.others}</p>}
    </section>
  );
}

/** Links to older entries and back, if the moment's updates do not fit on one page. */
function Paging({ story, clock, asked, other, count, skipped, entries = [] }: HistoryPageProps) {
  const { words } = usePageContext();
  const to = (skip: number) => historyAddress(story.id, clock, asked.at, other, skip);
  const [newer, older] = [skipped > 0, skipped + entries.length < count];
  if (!newer && !older) return null;
  return (
    <nav class="paging" aria-label={pageWords(words).history.then}>
      {newer && (
        <a class="button" href={to(0)}>
          {pageWords(words).timeline.newer}
        </a>
      )}
      {older && (
        <a class="button" rel="next" href={to(skipped + entries.length)}>
          {pageWords(words).timeline.older}
        </a>
      )}
    </nav>
  );
}

/** The story at any moment, by any of the three clocks, and the differences since. */
export function HistoryPage(props: HistoryPageProps) {
  const { words, storyLanguage } = usePageContext();
  const { story, asked, entries, count, marks, points, pointMarks } = props;
  const markWords = (how: Difference | undefined) => how && pageWords(words).history[how];
  return (
    <Frame here="history" position={story.position}>
      <KindIcons />
      <header class="story is-small">
        <h1 {...storyLanguage}>{pageWords(words).history.title(isolated(story.title))}</h1>
        <p class="hint">{pageWords(words).history.lead}</p>
      </header>
      <div class="machine">
        <Clocks {...props} />
        <p class="hint">{pageWords(words).moment.explained[props.clock]}</p>
        <Slider {...props} />
        <details class="moment">
          <summary>{pageWords(words).moment.title}</summary>
          <MomentForm action={links.history(story.id)} asked={asked} zone={story.zone} other={props.other ?? null} />
        </details>
      </div>
      <div id="history" class="columns is-two" tabIndex={-1}>
        <section class="stream" aria-labelledby="then-title">
          {points.length > 0 && (
            <div class="points">
              <KeyPoints points={points} markOf={({ text }) => markWords(pointMarks.get(text))} />
            </div>
          )}
          <h2 id="then-title">
            {pageWords(words).history.then} · {pageWords(words).history.counts(count)}
          </h2>
          {entries && (
            <p class="hint">
              <Download to={folderAddress(story.id, props.clock, asked.at)}>{pageWords(words).download.then}</Download>
            </p>
          )}
          {(!entries || entries.length === 0) && <p class="notice">{pageWords(words).moment.notYet}</p>}
          <Days
            entries={entries ?? []}
            is={({ id }) => (marks.has(id) ? 'is-differing' : undefined)}
            item={entry => [marks.get(entry.id)?.map(each => <Mark key={each} how={each} />), <Entry entry={entry} />]}
          />
          <Paging {...props} />
        </section>
        <div class="side">
          <Differences {...props} />
          <States {...props} />
        </div>
      </div>
    </Frame>
  );
}

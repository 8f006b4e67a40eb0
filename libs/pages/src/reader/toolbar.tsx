import { usePageContext } from '../page-context.js';
import { links, storyAddress } from '../links.js';
import type { Named } from '../view.js';
import { capitalised } from '../wording.js';
import { pageWords } from '../words/page-words.js';
import { longestSearch, type Filter, type ReaderState } from './state.js';

/** Whether a filter leaves anything out. */
export const isFiltered = ({ actors, types, key, words }: Filter) =>
  actors.length > 0 || types.length > 0 || key || words !== '';

function Orders({ state }: { state: ReaderState }) {
  const { words } = usePageContext();
  const names = pageWords(words).timeline.order;
  return (
    <nav class="orders" aria-label={names.label}>
      {(['newest', 'story'] as const).map(order => (
        <a
          key={order}
          href={`${storyAddress(state.story, order, state.filter)}#updates`}
          aria-current={state.order === order ? 'true' : undefined}
        >
          {names[order]}
        </a>
      ))}
    </nav>
  );
}

/** The order, and a form that works without a script. */
export function Toolbar({ state, people }: { state: ReaderState; people: readonly Named[] }) {
  const { words, kinds, storyLanguage } = usePageContext();
  const { filter, order, story } = state;
  const { filters, filter: summary } = pageWords(words).timeline;
  return (
    <>
      <div class="toolbar">
        <h2 id="updates-title">{words.updates}</h2>
        <Orders state={state} />
      </div>
      <details class="filter" open={isFiltered(filter)}>
        <summary>{summary}</summary>
        <form method="get" action={`${links.story(story)}#updates`}>
          {order === 'story' && <input type="hidden" name="order" value="story" />}
          <div class="field">
            <label for="filter-words">{filters.words}</label>
            <input id="filter-words" type="search" name="words" value={filter.words} maxLength={longestSearch} />
          </div>
          <div class="field">
            <label for="filter-actor">{filters.actor}</label>
            <select id="filter-actor" name="actor">
              <option value="">{filters.all}</option>
              {people.map(({ id, name }) => (
                <option key={id} value={id} selected={filter.actors.includes(id)} {...storyLanguage}>
                  {capitalised(name)}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="filter-type">{filters.type}</label>
            <select id="filter-type" name="type">
              <option value="">{filters.all}</option>
              {Object.entries(kinds).map(([kind, { title }]) => (
                <option key={kind} value={kind} selected={filter.types.includes(kind)}>
                  {title}
                </option>
              ))}
            </select>
          </div>
          <label class="check">
            <input type="checkbox" name="key" value="true" checked={filter.key} /> {filters.key}
          </label>
          <div class="buttons">
            <button type="submit">{filters.apply}</button>
            {isFiltered(filter) && (
              <a class="button button-quiet" href={`${links.story(story)}#updates`}>
                {filters.clear}
              </a>
            )}
          </div>
        </form>
      </details>
    </>
  );
}

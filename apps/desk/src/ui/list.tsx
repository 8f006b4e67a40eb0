import { KindIcon } from '#pages/parts';
import { useEffect, useRef } from 'preact/hooks';
import { labelOf } from '../form-model/fields.js';
import { isNamedBy, nameOf, type Row } from '../known.js';
import type { ListFilter } from '../list-filters.js';
import type { Filtering } from '../use-filter.js';
import type { Found } from '../use-find.js';
import { Embargo } from './embargo.js';

interface Props {
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly clock: (recorded: string) => string;
  readonly onLetter: (letter: string) => void;
  readonly more: (() => void) | undefined;
  /** The search words; empty shows every row. */
  readonly words: string;
  readonly onFind: (words: string) => void;
  readonly found: Found;
  /** Which colleagues work on a development, in words. */
  readonly working: (development: string) => string | undefined;
  readonly filtering: Filtering;
}

/** The states of a development, one word each. */
function marks({ development: { status, standing, key, embargo, submitted }, entry, pinned }: Row): string[] {
  return [
    ...(entry || embargo ? [] : ['not visible to readers yet']),
    ...(submitted ? ['submitted'] : []),
    ...(pinned ? ['pinned'] : []),
    ...(key ? ['key event'] : []),
    ...(status === 'active' ? [] : [labelOf(status).toLowerCase()]),
    ...(standing === 'disputed' ? ['disputed'] : []),
    ...(entry && entry.corrections.length > 0 ? ['corrected'] : []),
  ];
}

function nothingListed(words: string, chosen: ListFilter): string {
  if (words !== '') return `Nothing found for “${words}”.`;
  return chosen === 'all'
    ? 'Nothing is posted yet. Your posts appear here at once.'
    : 'None of the loaded posts is among these.';
}

const hasWords = (row: Row, words: string, found: Found): boolean =>
  isNamedBy(row, words) || (found.words === words && found.ids.has(row.development.id));

/** The story's developments, newest first: arrows select, letters act on the selected one. */
export function List({ selected, onSelect, clock, onLetter, more, words, onFind, found, working, filtering }: Props) {
  const { rows: wanted, chosen, choices, onChoose } = filtering;
  const rows = words.trim() === '' ? wanted : wanted.filter(row => hasWords(row, words.trim(), found));
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (document.activeElement === list.current)
      document.getElementById(`row-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex(({ development }) => development.id === selected);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) {
      // A key that is held down must not act again and again.
      if (/^[a-z]$/.test(event.key) && !event.repeat) onLetter(event.key);
      return;
    }
    event.preventDefault();
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (row) onSelect(row.development.id);
  };
  return (
    <>
      <input
        id="find"
        type="search"
        class="find"
        maxLength={100}
        aria-label="Find posts by their words"
        placeholder="Find by words"
        value={words}
        onInput={event => onFind(event.currentTarget.value)}
        onKeyDown={event => event.key === 'ArrowDown' && list.current?.focus()}
      />
      {choices.length > 1 && (
        <label class="check">
          Show{' '}
          <select value={chosen} onChange={event => onChoose(event.currentTarget.value as ListFilter)}>
            {choices.map(({ filter, label, count }) => (
              <option key={filter} value={filter}>
                {label}: {count}
              </option>
            ))}
          </select>
        </label>
      )}
      <ul
        ref={list}
        id="developments"
        class="developments"
        role="listbox"
        tabIndex={0}
        aria-label="Posts, newest first"
        aria-activedescendant={selected && rows.length > 0 ? `row-${selected}` : undefined}
        onKeyDown={onKeyDown}
      >
        {rows.map(row => {
          const { development, entry } = row;
          const shown = marks(row);
          const others = working(development.id);
          return (
            <li
              key={development.id}
              id={`row-${development.id}`}
              role="option"
              aria-selected={development.id === selected}
              class={`is-${development.status}${entry ? '' : ' is-unseen'}`}
              onClick={() => onSelect(development.id)}
            >
              <KindIcon kind={development.kind} />
              <span class={entry ? 'headline' : 'headline hint'}>{nameOf(row)}</span>
              <span class="aside">
                {entry && <time dateTime={entry.recorded}>{clock(entry.recorded)}</time>}
                {entry?.by && <span> {entry.by}</span>}
                {development.embargo && !development.submitted && <Embargo {...development.embargo} />}
                {shown.map(mark => (
                  <span key={mark} class={`mark is-${mark.replaceAll(' ', '-')}`}>
                    {mark}
                  </span>
                ))}
                {others && <span class="mark is-present">{others}</span>}
              </span>
            </li>
          );
        })}
      </ul>
      {rows.length === 0 && (
        <p class="empty" role="status">
          {nothingListed(words.trim(), chosen)}
        </p>
      )}
      {more && words.trim() === '' && (
        <button type="button" class="button-quiet" onClick={more}>
          Load older
        </button>
      )}
    </>
  );
}

import { KindIcon } from '#pages/parts';
import { useEffect, useRef } from 'preact/hooks';
import { isUnclassified } from '../acts.js';
import { labelOf } from '../form-model/fields.js';
import { isNamedBy, nameOf, type Row } from '../known.js';
import type { Found } from '../use-newsroom.js';
import { Embargo } from './embargo.js';

interface Props {
  readonly rows: readonly Row[];
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
  /** How many plain updates are not classified yet, and whether the list shows them alone. */
  readonly unclassified: {
    readonly count: number;
    readonly alone: boolean;
    readonly onAlone: (alone: boolean) => void;
  };
}

/** The states of a development, one word each. */
function marks({ development: { status, standing, key, embargo }, entry, pinned }: Row): string[] {
  return [
    ...(entry || embargo ? [] : ['not visible to readers yet']),
    ...(pinned ? ['pinned'] : []),
    ...(key ? ['key event'] : []),
    ...(status === 'active' ? [] : [labelOf(status).toLowerCase()]),
    ...(standing === 'disputed' ? ['disputed'] : []),
    ...(entry && entry.corrections.length > 0 ? ['corrected'] : []),
  ];
}

function nothingListed(words: string, alone: boolean): string {
  if (words !== '') return `Nothing found for “${words}”.`;
  return alone
    ? 'No post that is loaded here waits for a kind.'
    : 'Nothing is posted yet. Your posts appear here at once.';
}

const hasWords = (row: Row, words: string, found: Found): boolean =>
  isNamedBy(row, words) || (found.words === words && found.ids.has(row.development.id));

/** The story's developments, newest first: arrows select, letters act on the selected one. */
export function List({
  rows: all,
  selected,
  onSelect,
  clock,
  onLetter,
  more,
  words,
  onFind,
  found,
  working,
  unclassified,
}: Props) {
  const { count, alone, onAlone } = unclassified;
  const wanted = alone ? all.filter(({ development }) => isUnclassified(development)) : all;
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
      if (/^[a-z]$/.test(event.key)) onLetter(event.key);
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
      {(count > 0 || alone) && (
        <label class="check">
          <input type="checkbox" checked={alone} onChange={event => onAlone(event.currentTarget.checked)} />
          Only what is not classified yet: {count}
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
                {development.embargo && <Embargo {...development.embargo} />}
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
          {nothingListed(words.trim(), alone)}
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

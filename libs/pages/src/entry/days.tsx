import { usePageContext } from '../page-context.js';
import { dayOf, dayText, type Times } from '../occurred.js';
import { links } from '../links.js';
import type { ComponentChildren } from 'preact';
import type { EntryView } from '../view.js';

/** The heading of the day of an instant. */
const Day = ({ at, times }: { at: string; times: Times }) => (
  <li class="day">
    <h3>
      <time dateTime={dayOf(at, times)}>{dayText(at, times)}</time>
    </h3>
  </li>
);

interface Props {
  readonly entries: readonly EntryView[];
  readonly id?: string;
  readonly item: (entry: EntryView) => ComponentChildren;
  /** The class of an entry's item. */
  readonly is?: (entry: EntryView) => string | undefined;
}

/** Entries in their order, with a heading wherever the day changes. */
export function Days({ entries, id, item, is }: Props) {
  const { times } = usePageContext();
  let day: string | undefined;
  return (
    <ol id={id} class="timeline">
      {entries.flatMap(entry => {
        const { recorded } = entry;
        const before = day;
        day = dayOf(recorded, times);
        return [
          day !== before && <Day key={day} at={recorded} times={times} />,
          <li key={entry.id} id={id && links.anchor(entry.id)} class={is?.(entry)}>
            {item(entry)}
          </li>,
        ];
      })}
    </ol>
  );
}

import { useAround } from '../around.js';
import { Entry } from '../entry/entry.js';
import { Fate } from '../entry/modality.js';
import { nameOf, titleOf } from '../entry/state.js';
import { RecordedTime } from '../entry/time.js';
import { links } from '../links.js';
import type { ChangeView, EntryView, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import type { KeyEvent } from './state.js';

// Parts of the reader's page that a script renders again as the story goes on.

/** The latest change: its act, and its object. */
export function LastChange({ change }: { change: ChangeView }) {
  const { words, story, told } = useAround();
  const { acts, entries, conditions = {}, recorded } = change;
  const act = acts[0];
  const entry = entries.find(({ id }) => id === act?.development);
  const condition = act?.condition && conditions[act.condition];
  const did = words.acts[act?.act as keyof typeof words.acts] ?? words.changed;
  return (
    <>
      <span class="label">{words.lastChange}</span> <RecordedTime recorded={recorded} /> <strong>{did}</strong>
      {entry && (
        <>
          {': '}
          <a href={links.development(story, entry.id)} {...told}>
            {capitalised(titleOf(entry, words, { without: did }))}
          </a>
        </>
      )}
      {condition && (
        <>
          {': '}
          <bdi {...told}>{condition.text}</bdi>
        </>
      )}
    </>
  );
}

/** The most key events shown open: on a phone the news below must be within reach. */
export const openKeyEvents = 3;

function KeyEventList({ events }: { events: readonly KeyEvent[] }) {
  const { words, told, story } = useAround();
  return (
    <ol>
      {events.map(event => (
        <li key={event.id}>
          <RecordedTime recorded={event.recorded} />
          <a href={links.development(story, event.id)} data-goto={links.anchor(event.id)} {...told}>
            {capitalised(nameOf(event, words))}
          </a>
        </li>
      ))}
    </ol>
  );
}

/** The list of key events. */
export function KeyEvents({ events }: { events: readonly KeyEvent[] }) {
  const { words } = useAround();
  if (events.length === 0) return <p class="hint">{words.noKeyEvents}</p>;
  const more = events.slice(openKeyEvents);
  return (
    <>
      <KeyEventList events={events.slice(0, openKeyEvents)} />
      {more.length > 0 && (
        <details>
          <summary>{words.moreKeyEvents(more.length)}</summary>
          <KeyEventList events={more} />
        </details>
      )}
    </>
  );
}

/** The pinned entry, if there is one. */
export const Pinned = ({ entry }: { entry: EntryView | null }) => (entry ? <Entry entry={entry} /> : null);

/** The story's conditions and their outcomes. */
export function Conditions({ conditions }: Pick<StoryPage, 'conditions'>) {
  const { words, told } = useAround();
  return (
    <ul>
      {Object.entries(conditions).map(([id, condition]) => (
        <li key={id}>
          <span>
            {words.ifOnly} <bdi {...told}>{condition.text}</bdi>
          </span>
          <Fate id={id} {...condition} />
        </li>
      ))}
    </ul>
  );
}

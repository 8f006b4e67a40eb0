import { usePageContext } from '../page-context.js';
import { Entry } from '../entry/entry.js';
import { Fate, RecordedTime } from '../entry/facts.js';
import { nameOf, titleOf } from '../entry/state.js';
import { links } from '../links.js';
import type { ChangeView, EntryView, Named, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';
import { pageWords } from '../words/page-words.js';
import type { KeyEvent } from './state.js';

// Parts of the reader's page that a script renders again as the story goes on.

/** The latest change: its act, and its object. */
export function LastChange({ change }: { change: ChangeView }) {
  const { words, story, storyLanguage } = usePageContext();
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
          <a href={links.development(story, entry.id)} {...storyLanguage}>
            {capitalised(titleOf(entry, words, { without: did }))}
          </a>
        </>
      )}
      {condition && (
        <>
          {': '}
          <bdi {...storyLanguage}>{condition.text}</bdi>
        </>
      )}
    </>
  );
}

/** The most key events shown open: on a phone the news below must be within reach. */
export const openKeyEvents = 3;

function KeyEventList({ events }: { events: readonly KeyEvent[] }) {
  const { words, storyLanguage, story } = usePageContext();
  return (
    <ol>
      {events.map(event => (
        <li key={event.id}>
          <RecordedTime recorded={event.recorded} />
          <a href={links.development(story, event.id)} data-goto={links.anchor(event.id)} {...storyLanguage}>
            {capitalised(nameOf(event, words))}
          </a>
        </li>
      ))}
    </ol>
  );
}

/** The list of key events; nothing if there are none. */
export function KeyEvents({ events }: { events: readonly KeyEvent[] }) {
  const { words } = usePageContext();
  if (events.length === 0) return null;
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
export const Pinned = ({ entry }: { entry: EntryView | null }) => (entry ? <Entry entry={entry} dated /> : null);

/** The story's conditions and their outcomes. */
export function Conditions({ conditions }: Pick<StoryPage, 'conditions'>) {
  const { words, storyLanguage } = usePageContext();
  return (
    <ul>
      {Object.entries(conditions).map(([id, condition]) => (
        <li key={id}>
          <span>
            {words.ifOnly} <bdi {...storyLanguage}>{condition.text}</bdi>
          </span>
          <Fate id={id} {...condition} />
        </li>
      ))}
    </ul>
  );
}

/** The story's actors, those with the most facts first. */
export function People({ people }: { people: readonly (Named & { readonly marks: number })[] }) {
  const { words, story, storyLanguage } = usePageContext();
  if (people.length === 0) return null;
  return (
    <section class="people" aria-labelledby="people-title">
      <h2 id="people-title">{words.people}</h2>
      <ul>
        {people.map(({ id, name, marks }) => (
          <li key={id}>
            <a href={links.actor(story, id)} {...storyLanguage}>
              {capitalised(name)}
            </a>
            <span class="count" title={pageWords(words).actor.marks(marks)}>
              <span aria-hidden="true">{marks}</span>
              <span class="unseen">{pageWords(words).actor.marks(marks)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { pathTo } from '#client';
import { useState } from 'preact/hooks';
import { mayDo } from '../acts.js';
import type { EditorApi } from '../api.js';
import type { Newsroom } from '../use-newsroom.js';
import { OpenStoryDialog } from './dialogs.js';

/** The page for an address of an unknown story. */
export function NoSuchStory({ story }: { story: string }) {
  return (
    <main id="content" class="sign-in">
      <h1>There is no story “{story}”</h1>
      <p>
        Check the address, or choose from <a href="/desk">all stories</a>.
      </p>
    </main>
  );
}

const form = {
  actors: new Map(),
  choices: { actors: [], developments: [] },
  used: () => [],
  find: () => undefined,
  zone: 'UTC',
};
const desk = (story: string) => pathTo('desk', story);

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The list of stories to open. */
export function Stories({ newsroom: { me, catalogue, stories }, api }: { newsroom: Newsroom; api: EditorApi }) {
  const [opening, setOpening] = useState(false);
  return (
    <main id="content" class="sign-in">
      <h1>Desk</h1>
      <ul class="stories">
        {stories.map(({ id, title, status, developments }) => (
          <li key={id}>
            <a href={desk(id)}>{title}</a>{' '}
            <small>{status === 'closed' ? 'closed' : counted(developments, 'development')}</small>
          </li>
        ))}
      </ul>
      {stories.length === 0 && <p>No story is open yet.</p>}
      {mayDo({ roles: ['editor'] }, me) && (
        <button type="button" onClick={() => setOpening(true)}>
          Open a story
        </button>
      )}
      {opening && (
        <OpenStoryDialog
          {...{ catalogue, api, form }}
          onDone={id => location.assign(desk(id))}
          onClose={() => setOpening(false)}
        />
      )}
    </main>
  );
}

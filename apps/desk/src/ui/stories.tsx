import { pathTo } from '#client';
import { useState } from 'preact/hooks';
import { may } from '../acts.js';
import type { EditorApi } from '../api.js';
import type { Me } from '../contracts.js';
import type { Newsroom } from '../use-newsroom.js';
import { OpenStoryDialog } from './dialogs.js';
import { StartPage } from './start-page.js';

/** The page for an address of an unknown story. */
export function NoSuchStory({ story }: { story: string }) {
  return (
    <StartPage title={`There is no story “${story}”`}>
      <p>
        Check the address, or choose from <a href="/desk">all stories</a>.
      </p>
    </StartPage>
  );
}

/** The page for a story whose team the person is not in. */
export function NotInTeam({ why, me }: { why: string; me: Me }) {
  return (
    <StartPage title="This story has a team">
      <p role="alert">{why}</p>
      <p>
        They need to know how you sign in: <code>{me.id}</code>
      </p>
      <p class="buttons">
        <button type="button" class="button-main" onClick={() => location.reload()}>
          Try again
        </button>
        <a class="button" href="/desk">
          All stories
        </a>
      </p>
    </StartPage>
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

interface Props {
  readonly newsroom: Newsroom;
  readonly api: EditorApi;
  readonly onSignOut: () => void;
}

/** The list of stories to open: open ones first. */
export function Stories({ newsroom: { me, catalogue, stories }, api, onSignOut }: Props) {
  const [opening, setOpening] = useState(false);
  const sorted = [...stories].sort((a, b) => Number(a.status === 'closed') - Number(b.status === 'closed'));
  return (
    <StartPage title="Stories">
      <p class="buttons">
        {may('open-story', me) && (
          <button type="button" class="button-main" onClick={() => setOpening(true)}>
            Open a story
          </button>
        )}
        <button type="button" class="button-quiet" onClick={onSignOut}>
          Sign out {me.name ?? me.id}
        </button>
      </p>
      <ul class="stories is-wide">
        {sorted.map(({ id, title, summary, status, developments }) => (
          <li key={id}>
            <div>
              <span class={`live is-${status}`}>{status === 'open' ? 'Live' : 'Closed'}</span>
              <h2>
                <a href={desk(id)}>{title}</a>
              </h2>
              {summary && <p>{summary}</p>}
            </div>
            <p class="hint">{counted(developments, 'post')}</p>
          </li>
        ))}
      </ul>
      {stories.length === 0 && <p class="notice">No story is open yet.</p>}
      {opening && (
        <OpenStoryDialog
          {...{ catalogue, api, form }}
          onDone={id => location.assign(desk(id))}
          onClose={() => setOpening(false)}
        />
      )}
    </StartPage>
  );
}

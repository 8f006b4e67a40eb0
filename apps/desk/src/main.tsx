import type { KindShapes } from '#pages/parts';
import { render } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { EditorApi, type Unanswered } from './api.js';
import type { DeskPage } from './contracts.js';
import { Desk } from './desk.js';
import { Drafts, isWorth } from './drafts.js';
import { forgetToken, keepToken, SignIn, tokenHere } from './ui/sign-in.js';
import { StartPage } from './ui/start-page.js';
import { Stories } from './ui/stories.js';
import { useNewsroom } from './use-newsroom.js';

type State = DeskPage & { readonly kinds: KindShapes };

function Signed({ token, state, onSignedOut }: { token: string; state: State; onSignedOut: (why?: string) => void }) {
  const api = useMemo(() => new EditorApi(token, state.answersWithinMs), [token]);
  const [unanswered, setUnanswered] = useState<string>();
  const onFailure = ({ status, message }: Unanswered) =>
    status === 401 ? onSignedOut(message) : setUnanswered(message);
  const [newsroom, load] = useNewsroom(api, onFailure);
  const signOut = () => {
    const drafts = new Drafts(localStorage, newsroom!.me.id);
    const left = drafts.all().filter(isWorth);
    const question = `Signing out deletes what you have not posted: ${left.length === 1 ? 'one draft' : `${left.length} drafts`}. Sign out?`;
    if (left.length > 0 && !confirm(question)) return;
    // Text that may be under embargo must not stay on a computer that others use.
    for (const draft of drafts.all()) drafts.drop(draft);
    forgetToken();
    onSignedOut();
  };
  if (!newsroom)
    return (
      <StartPage title="Desk">
        <p role="status">{unanswered ?? 'Opening …'}</p>
        {unanswered && (
          <button type="button" onClick={load}>
            Try again
          </button>
        )}
      </StartPage>
    );
  if (state.story === null) return <Stories newsroom={newsroom} api={api} onSignOut={signOut} />;
  const { story, reader, kinds } = state;
  return <Desk {...{ story, reader, kinds, api, newsroom }} onSignedOut={onSignedOut} onSignOut={signOut} />;
}

const signedOutWords =
  'This token is not valid, or it has expired. Ask for a new one. Your drafts are kept in this browser.';

function App({ state }: { state: State }) {
  const [token, setToken] = useState(tokenHere());
  const [why, setWhy] = useState<string>();
  const sign = (given: string) => {
    keepToken(given);
    setToken(given.trim());
    setWhy(undefined);
  };
  const onSignedOut = (reason?: string) => {
    setToken(undefined);
    setWhy(reason && signedOutWords);
  };
  return token ? <Signed {...{ token, state, onSignedOut }} /> : <SignIn why={why} onToken={sign} />;
}

document.documentElement.classList.add('js');
const state = JSON.parse(document.getElementById('state')!.textContent) as State;
// An entry links to readers' pages, which are on the reader API's address.
document.addEventListener('click', event => {
  const link = (event.target as Element).closest('.readers a[href^="/"]');
  if (!link) return;
  event.preventDefault();
  if (state.reader !== null) open(state.reader + link.getAttribute('href'), '_blank', 'noopener');
});
render(<App state={state} />, document.getElementById('desk')!);

import { pathTo } from '#client';
import type { KindShapes } from '#pages/parts';
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { EditorApi, type Unanswered } from './api.js';
import { ReadersAddress } from './compose/preview.js';
import type { DeskPage } from './contracts.js';
import { Desk } from './desk.js';
import { isUnsaved, type Draft } from './drafts.js';
import { watchPresses } from './press.js';
import { isShared, saveDraft } from './shared/save.js';
import { forgetToken, keepToken, NoSignIn, SignIn, SignInAtIssuer, tokenHere } from './ui/sign-in.js';
import { MachinesPage } from './ui/machines.js';
import { StartPage } from './ui/start-page.js';
import { Stories } from './ui/stories.js';
import { forgetPerson, useNewsroom } from './use-newsroom.js';

type State = DeskPage & { readonly kinds: KindShapes };

interface SignedProps {
  /** Undefined in a session. */
  readonly token: string | undefined;
  readonly state: State;
  readonly onSignedOut: (why?: string) => void;
}

function Signed({ token, state, onSignedOut: onOut }: SignedProps) {
  const api = useMemo(() => new EditorApi(token, state.answersWithinMs, state.signs, state.captures), [token]);
  const [unanswered, setUnanswered] = useState<string>();
  const onSignedOut = (why?: string) => {
    // A new session makes a new key.
    void api.forgetKey();
    onOut(why);
  };
  // Who has not signed in yet needs no reason.
  const onFailure = ({ status, message, code }: Unanswered) =>
    status === 401 ? onSignedOut(code === 'no-token' ? undefined : message) : setUnanswered(message);
  const [newsroom, load] = useNewsroom(api, onFailure);
  // The browser's other pages of the desk, which use the same session. With a token each page is signed in for itself.
  const otherPages = useMemo(
    () => (token === undefined ? new BroadcastChannel('dateline.signed-out') : undefined),
    [token],
  );
  useEffect(() => () => otherPages?.close(), [otherPages]);
  if (otherPages)
    otherPages.onmessage = () => {
      if (newsroom) forgetPerson(newsroom);
      onSignedOut();
    };
  const signOut = async () => {
    const { drafts } = newsroom!;
    // What the newsroom has stays there, so only the rest would be lost.
    const left: Draft[] = [];
    for (const draft of drafts.all().filter(isUnsaved))
      if (!isShared(draft) || (await saveDraft(draft, api)).reply !== 'saved') left.push(draft);
    const question = `Signing out deletes what your team does not have yet: ${left.length === 1 ? 'one draft' : `${left.length} drafts`}. Sign out?`;
    if (left.length > 0 && !confirm(question)) return;
    // Text that may be under embargo must not stay on a computer that others use.
    const leave = () => {
      forgetPerson(newsroom!);
      otherPages?.postMessage(null);
      forgetToken();
      return api.forgetKey();
    };
    if (token === undefined)
      return void api.signOut().then(
        next => {
          void leave().finally(() => location.assign(next ?? pathTo('desk')));
        },
        ({ message }: Unanswered) => alert(message),
      );
    void leave();
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
  if (state.story === null) return <Stories newsroom={newsroom} api={api} onSignOut={() => void signOut()} />;
  const { story, reader, kinds } = state;
  if (state.page === 'machines') return <MachinesPage story={story} api={api} />;
  return (
    <ReadersAddress.Provider value={reader}>
      <Desk {...{ story, reader, kinds, api, newsroom }} onSignedOut={onSignedOut} onSignOut={() => void signOut()} />
    </ReadersAddress.Provider>
  );
}

const signedOutWords = {
  token: 'This token is not valid, or it has expired. Ask for a new one. Your drafts are kept in this browser.',
  session: 'Your session or your rights have ended. Sign in again. Your drafts are kept in this browser.',
};

function App({ state }: { state: State }) {
  const { signIn } = state;
  const [token, setToken] = useState(signIn === 'token' ? tokenHere() : undefined);
  const [out, setOut] = useState(signIn === 'token' ? token === undefined : signIn === 'none');
  const [why, setWhy] = useState<string>();
  const sign = (given: string) => {
    keepToken(given);
    setToken(given.trim());
    setOut(false);
    setWhy(undefined);
  };
  const onSignedOut = (reason?: string) => {
    setToken(undefined);
    setOut(true);
    setWhy(reason && signedOutWords[signIn === 'token' ? 'token' : 'session']);
  };
  if (!out) return <Signed {...{ token, state, onSignedOut }} />;
  if (signIn === 'issuer') return <SignInAtIssuer why={why} />;
  return signIn === 'token' ? <SignIn why={why} onToken={sign} /> : <NoSignIn />;
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
watchPresses(document);
render(<App state={state} />, document.getElementById('desk')!);

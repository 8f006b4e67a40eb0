import { useState } from 'preact/hooks';
import { StartPage } from './start-page.js';

const kept = 'dateline.token';

/** The token of this tab. A token in the address's fragment, which no server sees, is moved here. */
export function tokenHere(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    keepToken(given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(kept) ?? undefined;
}

/** Keeps the token for as long as the tab is open. */
export const keepToken = (token: string): void => sessionStorage.setItem(kept, token.trim());

/** Signs out: deletes this tab's token. */
export const forgetToken = (): void => sessionStorage.removeItem(kept);

/** Asks for a token. Over an open desk, the drafts stay behind the dialog. */
export function SignIn({ why, onToken }: { why: string | undefined; onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <StartPage title="Sign in to the desk">
      <p>
        This newsroom runs on your machine. Paste a token of its development key; this tab keeps the token until you
        close it.
      </p>
      <form
        onSubmit={event => {
          event.preventDefault();
          if (token.trim()) onToken(token);
        }}
      >
        <div class="field">
          <label for="token">Token</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            required
            value={token}
            aria-describedby={why ? 'token-error' : undefined}
            aria-invalid={why !== undefined}
            onInput={event => setToken(event.currentTarget.value)}
          />
          {why && (
            <p class="error" id="token-error" role="alert">
              {why}
            </p>
          )}
        </div>
        <button class="button-main">Sign in</button>
      </form>
    </StartPage>
  );
}

/** Leads to the issuer's sign-in, which leads back to this page. */
export function SignInAtIssuer({ why }: { why: string | undefined }) {
  const to = new URLSearchParams({ to: location.pathname });
  return (
    <StartPage title="Sign in to the desk">
      {why ? (
        <p class="error" role="alert">
          {why}
        </p>
      ) : (
        <p>Your newsroom’s sign-in asks who you are, then leads you back here.</p>
      )}
      <p class="buttons">
        <a class="button button-main" href={`/sign-in?${to.toString()}`}>
          Sign in
        </a>
      </p>
    </StartPage>
  );
}

/** Says that the desk cannot be used in a browser, and what to do about it. */
export function NoSignIn() {
  return (
    <StartPage title="No sign-in is set up">
      <p>
        Nobody can sign in to this desk yet. The people who run the newsroom can set its issuer (OIDC_ISSUER). A
        development token (AUTH=dev) opens the desk only at an address of your machine, such as http://127.0.0.1.
      </p>
    </StartPage>
  );
}

import { useState } from 'preact/hooks';

/** Asks for a token. Over an open desk, the drafts stay behind the dialog. */
export function SignIn({ why, onToken }: { why: string | undefined; onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <main id="content" class="sign-in">
      <h1>Desk</h1>
      <p>Sign in with a token of this newsroom. This tab keeps the token until you close it.</p>
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
    </main>
  );
}

const kept = 'dateline.token';

/** The token that this tab signed in with; one in the address's fragment, which no server sees, is taken from there. */
export function tokenHere(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    keepToken(given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(kept) ?? undefined;
}

/** For as long as the tab is open. */
export const keepToken = (token: string): void => sessionStorage.setItem(kept, token.trim());

export const forgetToken = (): void => sessionStorage.removeItem(kept);

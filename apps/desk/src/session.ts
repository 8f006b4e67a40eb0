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

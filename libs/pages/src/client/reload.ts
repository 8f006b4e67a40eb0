import type { ReaderState } from '../reader/state.js';
import { inTime } from './in-time.js';

/** The state that the server wrote into the page. */
export const stateOf = (page: Document): ReaderState =>
  JSON.parse(page.getElementById('state')!.textContent) as ReaderState;

/** Structured data describes the page as served: an open page must not keep text that was taken down since. */
export const forgetStructured = (): void => document.querySelector('script[type="application/ld+json"]')?.remove();

/** Sets the page's title, and removes what the head says of the header as served, which may be taken down since. */
export function retitle(title: string): void {
  document.title = title;
  for (const meta of document.querySelectorAll('meta[name="description"], meta[property^="og:"]')) meta.remove();
  for (const link of document.querySelectorAll('link[rel="alternate"]')) link.removeAttribute('title');
}

/**
 * Loads the page's current content into it, at the reader's place; resolves with its state. Rejects, and leaves the page as it is, if
 * there is no answer in time or `session` is aborted: a newer session may have loaded the page since.
 */
export async function reload(session: AbortSignal): Promise<ReaderState> {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' }, signal: inTime(session) });
  if (!response.ok) throw new Error(`The page was answered with ${response.status}.`);
  const html = await response.text();
  session.throwIfAborted();
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const anchor = [...document.querySelectorAll<HTMLElement>('#timeline > li[id]')].find(
    item => item.getBoundingClientRect().bottom > 0,
  );
  const before = anchor?.getBoundingClientRect().top ?? 0;
  forgetStructured();
  for (const part of ['main', '#position']) document.querySelector(part)!.replaceWith(fresh.querySelector(part)!);
  retitle(fresh.title);
  const after = anchor && document.getElementById(anchor.id)?.getBoundingClientRect().top;
  if (after !== undefined) scrollBy({ top: after - before, behavior: 'instant' });
  return stateOf(fresh);
}

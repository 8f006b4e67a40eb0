/** What a page of another site shows of ours: a story, one of its updates, or an actor's state in it. */
export type Embedded =
  | { readonly story: string }
  | { readonly story: string; readonly development: string }
  | { readonly story: string; readonly actor: string };

/** An embedded page: where it is, and what it shows. */
export interface Place {
  /** The public base URL of the reader-api, without a final slash. */
  readonly base: string;
  /** The address of the page, without query and fragment. */
  readonly page: string;
  readonly shows: Embedded;
}

const path = /^(.*)\/s\/([^/]+)(?:\/(d|actors)\/([^/]+))?\/?$/;

/** Reads the address of a story's page, an update's or an actor's. Undefined for any other address. */
export function placeOf(address: string, relativeTo?: string): Place | undefined {
  let url: URL;
  let parts: string[];
  try {
    url = new URL(address, relativeTo);
    if (!/^https?:$/.test(url.protocol)) return undefined;
    const found = path.exec(url.pathname);
    // "-" is no story: the search has its page there.
    if (!found || found[2] === '-') return undefined;
    parts = found.slice(1).map(part => decodeURIComponent(part ?? ''));
  } catch {
    return undefined;
  }
  const [before, story, what, id] = parts as [string, string, string, string];
  const base = url.origin + before;
  const shows = what === 'd' ? { story, development: id } : what === 'actors' ? { story, actor: id } : { story };
  return { base, page: url.origin + url.pathname.replace(/\/$/, ''), shows };
}

/** The name of the element that shows it. */
export const elementOf = (shows: Embedded): 'dateline-story' | 'dateline-update' | 'dateline-state' =>
  'development' in shows ? 'dateline-update' : 'actor' in shows ? 'dateline-state' : 'dateline-story';

/** Where the reader-api serves the script and the style sheet for other sites. Pages paste them, so they never change. */
export const embedScript = '/embed.js';
export const embedStyle = '/embed.css';
/** What follows the address of a page in that of its fragment. */
export const fragmentStep = '/embed';

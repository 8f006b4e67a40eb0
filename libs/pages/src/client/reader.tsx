import type { Loaded } from '#client';
import { follow, type Connection } from './follow.js';
import { offerCopies } from './copy.js';
import { LivePage, markFolded } from './live-page.js';
import { reload, stateOf } from './reload.js';
import { keepSeen, seenIn, showSince, storage } from './since.js';
import { markPoints } from './points.js';
import { localise } from './times.js';

// The reader's page: complete as rendered by the server; the script converts times to the reader's zone and keeps it up to date.
document.documentElement.classList.add('js');

const state = stateOf(document);
// It also holds the text of key events, which must not stay after a takedown.
document.getElementById('state')!.remove();
let page = new LivePage(state);
localise(document, page.context.times);
offerCopies(page.context.words);
markFolded();
addEventListener('resize', markFolded);

function onState(connection: Connection): void {
  const shown = document.getElementById('connection')!;
  shown.className = `connection is-${connection}`;
  shown.textContent = page.context.words.connection[connection];
}

async function onGap(session: AbortSignal): Promise<Loaded> {
  const fresh = await reload(session);
  page = new LivePage(fresh);
  position = fresh.position;
  localise(document, page.context.times);
  markFolded();
  mark();
  return fresh;
}

/** Moves to an update that this page lists. Returns whether it does. */
function goTo(anchor: string): boolean {
  const target = document.getElementById(anchor);
  if (!target) return false;
  history.pushState(null, '', `#${target.id}`);
  target.tabIndex = -1;
  target.scrollIntoView({ block: 'start' });
  target.focus({ preventScroll: true });
  return true;
}

let { position } = state;
const seen = storage();
const before = seenIn(seen, state.story);
const mark = () => markPoints(before?.position ?? state.position, page.context.words);
mark();
showSince(state.story, before, page.context.times, goTo).catch(() => undefined);
addEventListener('visibilitychange', () => {
  if (document.hidden) keepSeen(seen, state.story, { position, at: new Date().toISOString() });
});

const onChange: Parameters<typeof follow>[2]['onChange'] = change => {
  position = change.position;
  page.apply(change);
  if (change.keyPoints) mark();
};
follow(state.story, state, { onChange, onGap, onState });

// Scroll to a key event or link that this page lists; any other opens a separate page.
document.addEventListener('click', event => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-goto]');
  if (!link || event.metaKey || event.ctrlKey) return;
  if (goTo(link.dataset.goto!)) event.preventDefault();
});

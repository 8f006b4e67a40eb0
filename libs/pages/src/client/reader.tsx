import type { Loaded } from '#client';
import { follow, type Connection } from './follow.js';
import { offerCopies } from './copy.js';
import { LivePage } from './live-page.js';
import { reload, stateOf } from './reload.js';
import { localise } from './times.js';

// The reader's page: complete as rendered by the server; the script converts times to the reader's zone and keeps it up to date.
document.documentElement.classList.add('js');

const state = stateOf(document);
// It also holds the text of key events, which must not stay after a takedown.
document.getElementById('state')!.remove();
let page = new LivePage(state);
localise(document, page.context.times);
offerCopies(page.context.words);

function onState(connection: Connection): void {
  const shown = document.getElementById('connection')!;
  shown.className = `connection is-${connection}`;
  shown.textContent = page.context.words.connection[connection];
}

async function onGap(): Promise<Loaded> {
  const fresh = await reload();
  page = new LivePage(fresh);
  localise(document, page.context.times);
  return fresh;
}

follow(state.story, state, { onChange: change => page.apply(change), onGap, onState });

// Scroll to a key event or link that this page lists; any other opens a separate page.
document.addEventListener('click', event => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-goto]');
  const target = link && document.getElementById(link.dataset.goto!);
  if (!target || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, '', `#${target.id}`);
  target.tabIndex = -1;
  target.scrollIntoView({ block: 'start' });
  target.focus({ preventScroll: true });
});

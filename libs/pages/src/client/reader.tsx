import type { Loaded } from '#client';
import { follow, type Connection } from './follow.js';
import { offerCopies } from './copy.js';
import { LivePage } from './live-page.js';
import { reload, stateOf } from './reload.js';
import { localise } from './times.js';

// The reader's page: what the server wrote is complete; here it is brought to the reader's clock, and kept up to date.
document.documentElement.classList.add('js');

const state = stateOf(document);
// It holds words too, of key events, which must not stay when they are taken down.
document.getElementById('state')!.remove();
let page = new LivePage(state);
localise(document, page.around.times);
offerCopies(page.around.words);

function onState(connection: Connection): void {
  const shown = document.getElementById('connection')!;
  shown.className = `connection is-${connection}`;
  shown.textContent = page.around.words.connection[connection];
}

async function onGap(): Promise<Loaded> {
  const fresh = await reload();
  page = new LivePage(fresh);
  localise(document, page.around.times);
  return fresh;
}

follow(state.story, state, { onChange: change => page.apply(change), onGap, onState });

// A key event or a link that this page shows is gone to here; any other has a page of its own.
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

import { pageContext } from '../page-context.js';
import { momentText } from '../occurred.js';
import type { Clock } from '../words/index.js';
import { historyAddress } from '../links.js';
import { offerCopies } from './copy.js';
import { pageWords } from '../words/page-words.js';
import { localiseForms } from './forms.js';
import { inTime } from './in-time.js';
import { localise, readersTime } from './times.js';

// The time machine: while the slider moves, fetches the page's content at that moment. Without a script the slider is part of a form.
document.documentElement.classList.add('js');

interface State {
  readonly story: string;
  readonly language: string | null;
  readonly zone: string;
  readonly clock: Clock;
  readonly moments: readonly string[];
  readonly other: string | null;
}
const state = JSON.parse(document.getElementById('state')!.textContent) as State;
const { words, times } = pageContext({ ...state, ...readersTime(), kinds: {} });
const slider = document.querySelector<HTMLInputElement>('#step')!;

/** Writes times in the reader's zone, as every page does. */
function localised(): void {
  localise(document, times);
  localiseForms(document);
  slider.setAttribute('aria-valuetext', document.getElementById('moment')!.textContent);
}
localised();
const settleMs = 120;

/** The parts of the page that depend on the moment. */
const parts = ['#history', '.steps', '.clocks', '.machine .moment'];

let timer: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | undefined;

function moved(): void {
  const at = state.moments[slider.valueAsNumber];
  if (at === undefined) return;
  const text = momentText(at, times);
  document.getElementById('moment')!.textContent = text;
  slider.setAttribute('aria-valuetext', text);
  document.getElementById('step-of')!.textContent = pageWords(words).history.step(
    slider.valueAsNumber + 1,
    state.moments.length,
  );
  clearTimeout(timer);
  timer = setTimeout(() => void show(historyAddress(state.story, state.clock, at, state.other ?? undefined)), settleMs);
}

async function show(address: string): Promise<void> {
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(address, { signal: inTime(running.signal) });
    if (!response.ok) return location.assign(address);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of parts) document.querySelector(part)?.replaceWith(page.querySelector(part)!);
    localised();
    history.replaceState(null, '', address);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') location.assign(address);
  }
}

slider.addEventListener('input', moved);
offerCopies(words);

import { links } from '../links.js';
import type { Clock } from '../words/index.js';

/** The address of a story's time machine at a moment, compared with another moment or with now. */
export function historyAddress(story: string, clock: Clock, at?: string, other?: string, skip = 0): string {
  const parameters = new URLSearchParams([
    ['clock', clock],
    ...(at ? [['at', at]] : []),
    ...(other ? [['with', other]] : []),
    ...(skip > 0 ? [['skip', String(skip)]] : []),
  ]);
  return `${links.history(story)}?${parameters}`;
}

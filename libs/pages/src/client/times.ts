import type { Occurred } from '#domain';
import { occurredText, recordedText, type Times } from '../occurred.js';

/** The reader's time zone, according to the browser. */
export const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Rewrites the times on the page, which the server wrote in the story's zone, in the reader's. */
export function localise(root: ParentNode, times: Times): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-occurred]'))
    time.textContent = occurredText(JSON.parse(time.dataset.occurred!) as Occurred, times);
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-recorded]'))
    time.textContent = recordedText(time.dateTime, times);
  const note = root.querySelector('#zone');
  if (note) note.textContent = times.words.zoneOfReader(times.zone.replaceAll('_', ' '));
}

import type { Occurred } from '#domain';
import { occurredText, recordedText, type Times } from '../occurred.js';

/** Where the reader is, as far as the browser says. */
export const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Writes the times that the server wrote by the story's clock by the reader's. */
export function localise(root: ParentNode, times: Times): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-occurred]'))
    time.textContent = occurredText(JSON.parse(time.dataset.occurred!) as Occurred, times);
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-recorded]'))
    time.textContent = recordedText(time.dateTime, times);
  const note = root.querySelector('#zone');
  if (note) note.textContent = times.words.zoneOfReader(times.zone.replaceAll('_', ' '));
}

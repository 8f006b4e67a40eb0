import { localOf } from '../moment/zoned.js';
import { readersTime } from './times.js';

/**
 * Moments that a reader types are in the reader's zone, as all times on the page are: the script writes them so, and sends instants. The
 * server reads a time without an offset in the story's zone.
 */
export function localiseForms(root: ParentNode): void {
  const { zone } = readersTime();
  for (const input of root.querySelectorAll<HTMLInputElement>('input[type="datetime-local"]')) {
    if (input.dataset.at) input.value = localOf(input.dataset.at, zone);
    input.form?.addEventListener('formdata', ({ formData }) => {
      if (input.value) formData.set(input.name, new Date(input.value).toISOString().replace('.000', ''));
    });
  }
}

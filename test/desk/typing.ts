import type { Page } from 'playwright-core';
import { published } from '../harness/desk-page.js';

/** An update that was typed and posted: the keys that were pressed, and the seconds since the text was focused. */
export interface Typed {
  readonly keys: number;
  /** Until the desk says that it is posted. */
  readonly posted: number;
  /** Until the desk says that readers see it. */
  readonly seen: number;
}

const modifiers = ['Control', 'Shift', 'Alt', 'Meta'];

/** Types an update into the open desk and posts it. `delay`: milliseconds between two keys. A chord such as Ctrl+Enter is one key. */
export async function typeUpdate(page: Page, text: string, delay = 0): Promise<Typed> {
  const field = page.locator('#draft-content-body');
  await field.and(page.locator(':focus')).waitFor();
  await page.evaluate(modifiers => {
    const counting = globalThis as unknown as { keys: number; counts?: boolean };
    counting.keys = 0;
    if (counting.counts) return;
    counting.counts = true;
    globalThis.addEventListener('keydown', event => {
      if (!modifiers.includes((event as unknown as { key: string }).key)) counting.keys++;
    });
  }, modifiers);
  const began = performance.now();
  const since = () => (performance.now() - began) / 1_000;
  await page.keyboard.type(text, { delay });
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.said')
    .getByText(/^Posted\.|^Published/)
    .waitFor();
  const posted = since();
  await page.locator('.said').getByText(published).waitFor();
  const seen = since();
  const keys = await page.evaluate(() => (globalThis as unknown as { keys: number }).keys);
  return { keys, posted, seen };
}

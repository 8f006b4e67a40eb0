import type { Role } from '#platform';
import type { Browser, Locator, Page } from 'playwright-core';
import { openPage, type How, type Opened } from './browser-page.js';
import type { TestNewsroom } from './newsroom.js';

/** Opens a person's desk of a story; resolves when it shows the states of the log and of readers. */
export async function sitDown(
  browser: Browser,
  newsroom: TestNewsroom,
  story: string,
  who: string,
  how: How & { readonly roles?: Role[]; readonly editor?: number } = {},
): Promise<Opened> {
  const { roles = ['editor'], editor = 0 } = how;
  // The desk asks readers' API for the story and shows nothing wrong, but the browser reports a 404 from before readers have it.
  if (newsroom.reader) await newsroom.readAt(`/stories/${story}`, 1);
  const opened = await openPage(browser, await newsroom.deskOf(story, roles, editor, who), { width: 1440, ...how });
  await opened.page.locator('.status').getByText('see everything').waitFor();
  return opened;
}

/** Opens a reader's page of a story, once readers have the story; resolves when it follows the news. */
export async function readAlong(browser: Browser, newsroom: TestNewsroom, story: string): Promise<Opened> {
  await newsroom.readAt(`/stories/${story}`, 1);
  const opened = await openPage(browser, `${newsroom.reader!.url}/s/${story}`);
  await opened.page.locator('#connection.is-live').waitFor();
  return opened;
}

/** The notice that readers see what was posted. */
export const published = /^(Published|Correction published), \d\d:\d\d\.$/;

/** Opens the form of a kind with the keyboard only: its name at the start of the text offers it. */
export async function openForm(page: Page, kind: string): Promise<void> {
  await page.keyboard.press('Alt+N');
  await page.locator('#draft-content-body:focus').waitFor();
  await page.keyboard.type(`${kind} `);
  await page.getByRole('option', { name: 'open its form' }).waitFor();
  await page.keyboard.press('Enter');
}

/** Writes a development of the kind `context` with the keyboard only, up to sending it. */
export async function write(page: Page, topic: string): Promise<void> {
  await openForm(page, 'context');
  await page.locator('#draft-content-data-topic:focus').waitFor();
  await page.keyboard.type(topic);
}

/** Opens a folded part of the form, by the letter that opens it with Alt. */
export async function unfold(page: Page, letter: 'K' | 'S' | 'W' | 'H'): Promise<void> {
  await page.keyboard.press(`Alt+${letter}`);
  await page.locator('.folds [aria-expanded=true]').first().waitFor();
}

/** Performs the first act that the palette offers for these words. */
export async function pick(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(words);
  await page.keyboard.press('Enter');
}

export const row = (page: Page, words: string | RegExp): Locator => page.getByRole('option').filter({ hasText: words });

/** A field's value, once it is `expected` or ten seconds have passed: the form is drawn after the key that changes it. */
export async function valueOf(field: Locator, expected: string): Promise<string> {
  for (let waited = 0; waited < 10_000 && (await field.inputValue()) !== expected; waited += 50)
    await new Promise(resolve => setTimeout(resolve, 50));
  return field.inputValue();
}

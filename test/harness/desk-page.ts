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
  const opened = await openPage(browser, await newsroom.deskOf(story, roles, editor, who), { width: 1440, ...how });
  await opened.page.locator('.status').getByText('up to date at').waitFor();
  return opened;
}

/** Writes a development with the keyboard only, up to sending it. */
export async function write(page: Page, topic: string, kind = 'context'): Promise<void> {
  await page.keyboard.press('Alt+N');
  await page.keyboard.type(kind);
  await page.keyboard.press('Enter');
  await page.locator('[name="draft-content-sourcing-basis"]:focus').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.getByRole('textbox', { name: 'Topic' }).focus();
  await page.keyboard.type(topic);
  await page.locator('[name="draft-content-occurred"]').last().focus();
  await page.keyboard.press('Space');
}

export const row = (page: Page, words: string): Locator => page.getByRole('option').filter({ hasText: words });

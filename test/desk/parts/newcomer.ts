import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openForm, row, sitDown as sitDownAt } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'a-first-day';

/** The tests of what a newcomer stumbled over at the desk, in a newsroom that they share with other parts. */
export const deskNewcomer = (shared: DeskNewsroom): void =>
  describe('a first day at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ title: 'A first day' });
      await desk.record({ kind: 'update', body: 'The harbour opens.' });
      await newsroom.seen(desk.position);
    });

    const sitDown = () => sitDownAt(browser, newsroom, story, 'ada', { still: true });

    test('the preview of an unfinished post says in words what is missing', async () => {
      const { page, close } = await sitDown();
      await openForm(page, 'statement');
      await page.locator('#draft-content-data-occasion').fill('At the quay');
      await page.locator('.preview').getByText('Say who speaks.').waitFor();
      expect(await page.locator('.preview').innerText()).not.toMatch(/precision|speaker is|must /i);
      await close();
    });

    test('a list in the preview looks as on the page', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.type('Open today:\n\n- the bridge\n- the ferry');
      const item = page.locator('.preview li', { hasText: 'the ferry' });
      await item.waitFor();
      const mark = await item.evaluate(li => getComputedStyle(li).listStyleType);
      await page.keyboard.press('Control+Enter');
      await row(page, 'Open today').locator('time').waitFor();
      await page.goto(`${newsroom.reader!.url}/s/${story}`);
      const shown = page.locator('#timeline li li', { hasText: 'the ferry' });
      expect(await shown.evaluate(li => getComputedStyle(li).listStyleType)).toBe(mark);
      await close();
    });

    test('the palette fits its dialog, and closes at the first Escape', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.press('Control+k');
      const [dialog, list] = [page.getByRole('dialog'), page.getByRole('dialog').getByRole('listbox')];
      await list.getByRole('option').first().waitFor();
      const [outer, inner] = [(await dialog.boundingBox())!, (await list.boundingBox())!];
      expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height);
      expect(outer.y + outer.height).toBeLessThanOrEqual(page.viewportSize()!.height);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await close();
    });

    test('a link offers every post but the one that is linked, and an optional group requires nothing', async () => {
      const { page, close } = await sitDown();
      await row(page, 'The harbour opens').click();
      await page.locator('.selected').getByRole('button', { name: /^Link/ }).click();
      const linking = page.getByRole('dialog', { name: 'Link' });
      await linking.getByRole('combobox', { name: 'To' }).fill('harbour opens');
      await linking.getByText('Nothing found for “harbour opens”.').waitFor();
      await linking.getByRole('button', { name: 'Cancel' }).click();
      await openForm(page, 'context');
      const relation = page.getByRole('group', { name: /^Relation/ });
      await relation.waitFor();
      expect(await relation.locator('.required').count()).toBe(0);
      await close();
    });

    test('forms, lists and notices use a journalist’s words', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.type('The ferry is late.');
      await page.keyboard.press('Control+Enter');
      await page.getByText(/^Published, \d\d:\d\d\.$/).waitFor();
      await openForm(page, 'statement');
      await page.locator('#draft-content-data-speaker').fill('The pilot');
      await page.keyboard.press('Enter');
      const registering = page.getByRole('dialog', { name: 'Register The pilot' });
      await registering.waitFor();
      for (const name of ['Name in addresses', 'Wikidata number', 'Country code (ISO 3166)'])
        expect([name, await registering.getByLabel(name).count()]).toEqual([name, 1]);
      await page.goto(`${newsroom.editors[0]!.url}/desk`);
      const item = page.getByRole('listitem').filter({ hasText: 'A first day' });
      await item.getByText(/^\d+ posts$/).waitFor();
      expect(await page.locator('body').innerText()).not.toMatch(/\b1 (posts|developments)\b|slug|Iso3166/);
      await close();
    });
  });

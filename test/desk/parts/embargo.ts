import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, openPage } from '../../harness/browser.js';
import { readAlong, row, sitDown, unfold, write } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk } from '../../pages/posting.js';

const story = 'prices';

/** The tests of an embargo at the desk, in a newsroom that they share with other parts. */
export const deskEmbargo = (shared: DeskNewsroom): void =>
  describe('an embargo at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ zone: 'Europe/Berlin' });
      await desk.say('We shall tell the prices');
    });

    const embargoBox = (page: Page) => page.getByRole('checkbox', { name: /^Embargo: readers see nothing/ });
    const selected = (page: Page) => page.locator('.selected');
    /** The value of a datetime field by the story's clock, `minutes` from now. */
    const inMinutes = (minutes: number) =>
      new Date(Date.now() + minutes * 60_000).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).slice(0, 16);

    /** Posts a development under embargo, and selects it. */
    async function withhold(page: Page, topic: string, hour?: string): Promise<void> {
      await write(page, topic);
      await unfold(page, 'H');
      await embargoBox(page).check();
      if (hour) await page.getByLabel('Lifts at').fill(hour);
      // The button says what it does, and the preview that readers see nothing yet.
      await page.getByRole('button', { name: hour ? 'Schedule' : 'Post under embargo', exact: true }).waitFor();
      await page.locator('.preview').getByText('embargo, ').waitFor();
      await page.keyboard.press('Control+Enter');
      await row(page, topic).getByText('embargo, ').waitFor();
      await page.getByText(/Saved under embargo, \d\d:\d\d\. Readers see nothing of it yet/).waitFor();
      await row(page, topic).click();
    }

    test('an editor sets an embargo with an hour: only the desk shows the words, with a countdown', async () => {
      const { page, faults, close } = await sitDown(browser, newsroom, story, 'ada');
      const reader = await openPage(browser, `${newsroom.reader!.url}/s/${story}`);
      await withhold(page, 'Bread costs four', inMinutes(90));
      await row(page, 'Bread costs four')
        .getByText(/lifts in 01:(2\d|30):\d\d/)
        .waitFor();
      const shown = selected(page);
      await shown.getByRole('heading', { name: 'Selected: as readers will see it' }).waitFor();
      await shown.getByRole('heading', { name: 'Bread costs four' }).waitFor();
      const first = await shown.locator('.mark.is-embargoed').textContent();
      await page.waitForFunction(
        before => document.querySelector('.selected .mark.is-embargoed')?.textContent !== before,
        first,
      );
      expect(await axeFindings(page)).toEqual([]);
      expect(await reader.page.content()).not.toContain('Bread costs four');
      expect([...faults, ...reader.faults]).toEqual([]);
      await reader.close();
      await close();
    });

    test('an editor changes the embargo in a form, and all desks show the new countdown', async () => {
      const [ada, ben] = [
        await sitDown(browser, newsroom, story, 'ada'),
        await sitDown(browser, newsroom, story, 'ben'),
      ];
      await withhold(ada.page, 'Milk costs two', inMinutes(90));
      await row(ben.page, 'Milk costs two')
        .getByText(/lifts in 01:/)
        .waitFor();
      await ada.page.getByRole('button', { name: /^Change embargo/ }).click();
      const dialog = ada.page.getByRole('dialog', { name: 'Change embargo' });
      await dialog.getByLabel('Until').fill(inMinutes(60 * 26));
      expect(await axeFindings(ada.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Change embargo' }).click();
      for (const { page } of [ada, ben])
        await row(page, 'Milk costs two')
          .getByText(/lifts in 1 d 01:/)
          .waitFor();
      await ada.page.getByRole('button', { name: /^Change embargo/ }).click();
      await dialog.getByRole('button', { name: 'Change embargo' }).click();
      for (const { page } of [ada, ben])
        await row(page, 'Milk costs two').getByText('until somebody lifts it').waitFor();
      for (const { faults, close } of [ada, ben]) {
        expect(faults).toEqual([]);
        await close();
      }
    });

    test('an editor lifts the embargo, and readers’ open pages show the corrected words', async () => {
      const { page, faults, close } = await sitDown(browser, newsroom, story, 'ada');
      await withhold(page, 'Salt costs on');
      const reader = await readAlong(browser, newsroom, story);
      await page.getByRole('button', { name: /^Correct/ }).click();
      const topic = page.getByRole('textbox', { name: 'Topic' });
      expect(await topic.inputValue()).toBe('Salt costs on');
      await topic.fill('Salt costs one');
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('A letter was cut.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Checked.');
      await page.locator('.preview').getByRole('heading', { name: 'Salt costs one' }).waitFor();
      await page.keyboard.press('Control+Enter');
      await row(page, 'Salt costs one').click();
      await selected(page).getByRole('heading', { name: 'Salt costs one' }).waitFor();
      expect(await reader.page.content()).not.toContain('Salt costs');
      // Keys that were meant for the text publish nothing.
      await row(page, 'Salt costs one').click();
      await page.keyboard.press('l');
      const asked = page.getByRole('dialog', { name: 'Lift embargo' });
      await asked.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Space');
      await asked.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /^Lift embargo/ }).click();
      expect(await reader.page.content()).not.toContain('Salt costs');
      await asked.getByRole('button', { name: 'Lift embargo' }).click();
      await reader.page.locator('#timeline').getByRole('heading', { name: 'Salt costs one' }).waitFor();
      await selected(page).getByRole('heading', { name: 'Selected: as readers see it now' }).waitFor();
      expect(await row(page, 'Salt costs one').getByText('embargo').count()).toBe(0);
      expect([...faults, ...reader.faults]).toEqual([]);
      await reader.close();
      await close();
    });

    test('an embargo lifts automatically, and the desk and readers’ pages show it', async () => {
      const { page, close } = await sitDown(browser, newsroom, story, 'ada');
      const editor = await newsroom.as(['editor']);
      const idsNow = async (): Promise<string[]> =>
        (await editor.get(`/stories/${story}/developments`)).body.developments.map(({ id }: { id: string }) => id);
      const before = await idsNow();
      await withhold(page, 'Tea costs five');
      const reader = await readAlong(browser, newsroom, story);
      const id = (await idsNow()).find(each => !before.includes(each));
      const until = new Date(Date.now() + 15_000).toISOString();
      expect((await editor.post(`/stories/${story}/developments/${id}/embargo`, { until })).status).toBe(201);
      await row(page, 'Tea costs five')
        .getByText(/lifts in 00:00:\d\d/)
        .waitFor();
      await reader.page.locator('#timeline').getByRole('heading', { name: 'Tea costs five' }).waitFor();
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
      await selected(page).getByRole('heading', { name: 'Selected: as readers see it now' }).waitFor();
      await reader.close();
      await close();
    });

    test('a reporter sees that there is an embargo, and not its words', async () => {
      const editor = await sitDown(browser, newsroom, story, 'ada');
      await withhold(editor.page, 'Oil costs nine');
      const { page, faults, close } = await sitDown(browser, newsroom, story, 'rea', { roles: ['reporter'] });
      await row(page, 'Context').getByText('embargo, ').first().waitFor();
      expect(await page.content()).not.toContain('Oil costs nine');
      expect(faults).toEqual([]);
      await close();
      await editor.close();
    });
  });

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, screenshot, type How } from '../../harness/browser.js';
import { row, sitDown as sitDownAt, unfold } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'who-wrote';
const pictures = process.env.SCREENS;

/** The tests of bylines at the desk, in a newsroom that they share with other parts. */
export const deskByline = (shared: DeskNewsroom): void =>
  describe('the byline at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      await new Desk(await newsroom.as(['editor']), story).open({ title: 'Who wrote' });
    });

    const sitDown = (how: How = {}) => sitDownAt(browser, newsroom, story, 'ada', { still: true, ...how });
    const folds = (page: Page) => page.getByRole('group', { name: 'Kind, source, time and headline' });
    const says = (page: Page, words: string | RegExp) => folds(page).getByRole('button', { name: words }).waitFor();
    const latest = async () => (await newsroom.readers.get(`/stories/${story}/timeline?limit=1`)).body.entries[0];
    const post = async (page: Page, words: string) => {
      await page.locator('#draft-content-body').fill(words);
      await page.keyboard.press('Control+Enter');
      await row(page, words.replace(/[.]$/, '')).locator('time').waitFor();
    };

    test('it is the poster’s own name, people and an agency, or nobody, and the desk says which', async () => {
      const { page, faults, close } = await sitDown();
      await says(page, /by ada/);
      await post(page, 'The doors open.');
      expect((await latest()).byline).toEqual([{ name: 'ada' }]);

      await unfold(page, 'H');
      const byline = page.getByRole('group', { name: 'Byline' });
      await byline.getByRole('radio', { name: 'By others, or with role and place' }).check();
      const first = byline.getByRole('group', { name: 'Person 1' });
      expect(await first.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('ada');
      await first.getByRole('textbox', { name: 'Name' }).fill('Ada Vik');
      await first.getByRole('textbox', { name: 'Role' }).fill('economics correspondent');
      await first.getByRole('textbox', { name: 'Place' }).fill('Berlin');
      await byline.getByRole('button', { name: '+ Agency' }).click();
      const second = byline.getByRole('group', { name: 'Agency 2' });
      await second.getByRole('textbox', { name: 'Name' }).fill('Coast Wire');
      expect(await second.getByRole('textbox', { name: 'Role' }).count()).toBe(0);
      await says(page, /by Ada Vik \(economics correspondent\) in Berlin and Coast Wire/);
      expect(await axeFindings(page)).toEqual([]);
      // Another choice, and back: the names are still there.
      await byline.getByRole('radio', { name: 'No byline' }).check();
      await says(page, /no byline/);
      await byline.getByRole('radio', { name: 'By others, or with role and place' }).check();
      await says(page, /by Ada Vik/);
      await page.locator('#draft-content-body').fill('They go in.');
      await page
        .locator('.preview')
        .getByText('By Ada Vik (economics correspondent) in Berlin and Coast Wire')
        .waitFor();
      if (pictures) await screenshot(page, `${pictures}/desk-byline.png`, false);
      await post(page, 'They go in.');
      expect((await latest()).byline).toEqual([
        { name: 'Ada Vik', role: 'economics correspondent', place: 'Berlin' },
        { name: 'Coast Wire', as: 'agency' },
      ]);

      await unfold(page, 'H');
      await byline.getByRole('radio', { name: 'No byline' }).check();
      await byline.getByRole('radio', { name: 'By ada' }).check();
      await says(page, /by ada/);
      await byline.getByRole('radio', { name: 'No byline' }).check();
      await post(page, 'Nobody signs this.');
      expect((await latest()).byline).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    });

    test('a byline is corrected in the form of the correction', async () => {
      const { page, faults, close } = await sitDown();
      await post(page, 'The lights are on.');
      await row(page, 'The lights are on').click();
      await page.getByRole('button', { name: /^Correct/ }).click();
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('The byline.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Bo wrote it.');
      await says(page, /by ada/);
      await unfold(page, 'H');
      const byline = page.getByRole('group', { name: 'Byline' });
      // Who corrects is not who wrote, so there is no default.
      expect(await byline.getByRole('radio').count()).toBe(2);
      await byline.getByRole('textbox', { name: 'Name' }).fill('Bo Ek');
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await row(page, 'The lights are on').getByText('corrected').waitFor();
      expect(await latest()).toMatchObject({
        byline: [{ name: 'Bo Ek' }],
        corrections: [{ wrong: 'The byline.' }],
      });
      await page.getByRole('button', { name: /^Correct/ }).click();
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('The byline.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Nobody signed it.');
      await unfold(page, 'H');
      await byline.getByRole('radio', { name: 'No byline' }).check();
      await page.locator('.preview').getByText('The lights are on.').first().waitFor();
      await page.locator('.preview').getByText('By ada').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+Enter');
      await row(page, 'The lights are on').getByText('corrected').waitFor();
      for (let waited = 0; waited < 30_000 && (await latest()).byline?.length !== 0; waited += 50)
        await page.waitForTimeout(50);
      expect((await latest()).byline ?? []).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    });
  });

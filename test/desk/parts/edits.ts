import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings } from '../../harness/browser.js';
import { row, sitDown as sitDownAt, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'a-day-of-slips';

/** The tests of changes to a posted update that are no corrections, in a newsroom that they share with other parts. */
export const deskEdits = (shared: DeskNewsroom): void =>
  describe('changing a posted update at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      await new Desk(await newsroom.as(['editor']), story).open({ title: 'A day of slips' });
    });

    const sitDown = (who = 'ada') => sitDownAt(browser, newsroom, story, who, { still: true });
    const text = (page: Page) => page.locator('#draft-content-body');
    const latest = async () => (await newsroom.readers.get(`/stories/${story}/timeline?limit=1`)).body.entries[0];

    test('an editor mends a slip as a minor edit, and the desk makes a correction of what is more', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.type('The ferry is leavng at nine.');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The ferry is leavng').locator('time').waitFor();
      const edit = page.getByRole('button', { name: /^Minor edit/ });
      await edit.click();
      const dialog = page.getByRole('dialog', { name: 'Minor edit' });
      await dialog.getByRole('textbox', { name: 'Body' }).fill('The ferry is leaving at nine.');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save the edit' }).click();
      await dialog.waitFor({ state: 'detached' });
      await row(page, 'The ferry is leaving at nine').waitFor();
      const { corrections, edits } = await latest();
      expect([corrections.length, edits.length]).toEqual([0, 1]);
      await edit.click();
      await dialog.getByRole('textbox', { name: 'Body' }).fill('The ferry is leaving at ten.');
      await dialog.getByRole('button', { name: 'Save the edit' }).click();
      await dialog.getByText('so this is not a minor edit').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      // The correction has what was typed since.
      await dialog.getByRole('textbox', { name: 'Body' }).fill('The ferry is leaving at ten sharp.');
      await dialog.getByRole('button', { name: 'Make it a correction' }).click();
      await page.locator('[data-field=wrong] :focus').waitFor();
      expect(await valueOf(text(page), 'The ferry is leaving at ten sharp.')).toBe(
        'The ferry is leaving at ten sharp.',
      );
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('The hour.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Checked.');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The ferry is leaving at ten sharp').getByText('corrected').waitFor();
      await close();
    });

    test('a correction that begins in a minor edit does not undo what a colleague corrected meanwhile', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.type('The tram is leaving at nine.');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The tram is leaving at nine').locator('time').waitFor();
      await row(page, 'The tram is leaving at nine').click();
      await page.getByRole('button', { name: /^Minor edit/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Minor edit' });
      await dialog.getByRole('textbox', { name: 'Body' }).fill('The tram is leaving at ten.');
      await dialog.getByRole('button', { name: 'Save the edit' }).click();
      await dialog.getByText('so this is not a minor edit').waitFor();
      const ben = new Desk(await newsroom.as(['editor'], 0, 'ben'), story);
      const content = {
        ...{ kind: 'update', body: 'The tram to the pier is leaving at nine.', occurred: { precision: 'unknown' } },
        ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
      };
      await ben.on((await latest()).id, 'correct', { content, wrong: 'Which tram.', reason: 'Checked.' });
      // Her list has his correction. It is behind her dialog, so it is not found by its role.
      await page.locator('#developments').getByText('The tram to the pier').waitFor();
      await dialog.getByRole('button', { name: 'Make it a correction' }).click();
      expect(await valueOf(text(page), 'The tram is leaving at ten.')).toBe('The tram is leaving at ten.');
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('The hour.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Checked.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('region', { name: /posted meanwhile$/ }).waitFor();
      expect(await row(page, 'The tram to the pier').count()).toBe(1);
      await close();
    });

    test('of two minor edits at once the second is refused, and undoes nothing', async () => {
      const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
      await ada.page.keyboard.type('The boat is leavng at nine with its pasengers.');
      await ada.page.keyboard.press('Control+Enter');
      const begin = async (page: Page) => {
        await row(page, 'The boat is leavng').locator('time').waitFor();
        await row(page, 'The boat is leavng').click();
        await page.getByRole('button', { name: /^Minor edit/ }).click();
        const dialog = page.getByRole('dialog', { name: 'Minor edit' });
        const body = dialog.getByRole('textbox', { name: 'Body' });
        await body.waitFor();
        const save = async (text: string) => {
          await body.fill(text);
          await dialog.getByRole('button', { name: 'Save the edit' }).click();
        };
        return { dialog, body, save };
      };
      const [hers, his] = [await begin(ada.page), await begin(ben.page)];
      const mended = 'The boat is leaving at nine with its pasengers.';
      await his.save(mended);
      await his.dialog.waitFor({ state: 'detached' });
      // Her list has his edit. It is behind her dialog, so it is not found by its role.
      await ada.page.locator('#developments').getByText('The boat is leaving').waitFor();
      await hers.save('The boat is leavng at nine with its passengers.');
      await hers.dialog.getByText('A colleague changed this post meanwhile').waitFor();
      expect(await axeFindings(ada.page)).toEqual([]);
      await hers.dialog.getByRole('button', { name: 'Load the text as it is now' }).click();
      expect(await valueOf(hers.body, mended)).toBe(mended);
      await hers.save('The boat is leaving at nine with its passengers.');
      await hers.dialog.waitFor({ state: 'detached' });
      await row(ada.page, 'with its passengers').waitFor();
      const { corrections, edits } = await latest();
      expect([corrections.length, edits.length]).toEqual([0, 2]);
      await ada.close();
      await ben.close();
    });

    test('an editor classifies an update later, from the list of unclassified ones, and its words stay', async () => {
      const { page, faults, close } = await sitDown();
      await page.keyboard.type('The mayor leaves the harbour by boat.');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The mayor leaves').locator('time').waitFor();
      const before = await latest();
      await page.getByRole('combobox', { name: 'Show' }).selectOption('unclassified');
      await row(page, 'The mayor leaves').click();
      await page.getByRole('button', { name: /^Classify/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Classify' });
      await dialog.getByRole('combobox', { name: 'Kind' }).fill('departure');
      await page.keyboard.press('Enter');
      await dialog.getByRole('combobox', { name: 'Actors' }).fill('mayor');
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Classify' }).click();
      await dialog.getByText('Fill in').or(dialog.getByText('Say where.')).first().waitFor();
      await dialog.getByRole('textbox', { name: 'Place' }).fill('Harbour');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Classify' }).click();
      await dialog.waitFor({ state: 'detached' });
      await row(page, 'The mayor leaves').waitFor({ state: 'detached' });
      await page.getByText(/^Classified, \d\d:\d\d\.$/).waitFor();
      const { kind, corrections, headline, bodyHtml } = await latest();
      expect({ kind, corrections, headline, bodyHtml }).toEqual({
        ...{ kind: 'departure', corrections: [], headline: before.headline, bodyHtml: before.bodyHtml },
      });
      // The browser reports the refusal that the dialog showed.
      expect(faults.filter(fault => !fault.includes('422'))).toEqual([]);
      await close();
    });
  });

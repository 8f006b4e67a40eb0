import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page, Route } from 'playwright-core';
import { axeFindings, screenshot } from '../../harness/browser.js';
import { row, sitDown as sitDownAt, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'reviewed-at-the-desk';
const pictures = process.env.SCREENS;
const [desktop, phone] = [
  { width: 1440, height: 900 },
  { width: 412, height: 844 },
];

/** The tests of what reporters submit, in a newsroom that they share with other parts. */
export const deskSubmissions = (shared: DeskNewsroom): void =>
  describe('what reporters submit, at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ title: 'The harbour' });
      await desk.send(`/stories/${story}/review`, { reporters: 'submit' });
    });

    const sitDown = (who: string, role: 'reporter' | 'editor') =>
      sitDownAt(browser, newsroom, story, who, { still: true, roles: [role] });
    const text = (page: Page) => page.locator('#draft-content-body');
    const waiting = (page: Page, words: string) =>
      page
        .getByRole('region', { name: /Submitted/ })
        .getByRole('listitem')
        .filter({ hasText: words });

    test('a reporter submits, an editor sends it back, and approves exactly what was revised', async () => {
      const [rita, ann] = [await sitDown('rita', 'reporter'), await sitDown('ann', 'editor')];
      await text(rita.page).fill('The ferry is late.');
      await rita.page.getByRole('button', { name: /^Submit/ }).click();
      await rita.page.getByText(/^Submitted, \d\d:\d\d\. Readers see it once somebody approves it\.$/).waitFor();
      const own = waiting(rita.page, 'The ferry is late');
      await own.getByText('Readers see it once somebody else approves it.').waitFor();
      const item = waiting(ann.page, 'The ferry is late');
      await item.waitFor();
      expect(await axeFindings(ann.page)).toEqual([]);
      if (pictures) {
        await screenshot(ann.page, `${pictures}/desk-review.png`, false);
        await ann.page.setViewportSize(phone);
        await screenshot(ann.page, `${pictures}/desk-review-phone.png`, false);
        await ann.page.setViewportSize(desktop);
      }
      await item.getByRole('button', { name: 'Send back …' }).click();
      const dialog = ann.page.getByRole('dialog', { name: 'Send back' });
      await dialog.getByRole('textbox', { name: 'Note' }).fill('By how much?');
      await dialog.getByRole('button', { name: 'Send back' }).click();
      await own.getByText('By how much?').waitFor();
      await own.getByRole('button', { name: 'Revise' }).click();
      expect(await valueOf(text(rita.page), 'The ferry is late.')).toBe('The ferry is late.');
      await text(rita.page).fill('The ferry is an hour late.');
      await rita.page.getByRole('textbox', { name: 'What was wrong' }).fill('It said too little.');
      await rita.page.getByRole('textbox', { name: 'Why' }).fill('Asked again.');
      await rita.page.getByRole('button', { name: /^Submit the revision/ }).click();
      const revised = waiting(ann.page, 'an hour late');
      await revised.getByRole('button', { name: 'Approve' }).click();
      await ann.page.getByText(/^Approved and published, /).waitFor();
      const { entries } = (await newsroom.readers.get(`/stories/${story}/timeline`)).body;
      expect(entries).toMatchObject([{ bodyHtml: '<p>The ferry is an hour late.</p>' }]);
      await row(rita.page, 'The ferry is an hour late').locator('time').waitFor();
      await rita.close();
      await ann.close();
    });

    test('an approval of what was changed meanwhile publishes nothing and shows the difference', async () => {
      const rita = await newsroom.as(['reporter'], 0, 'rita');
      const content = (body: string) => ({ content: { kind: 'update', body } });
      const { body } = await rita.post(`/stories/${story}/submissions`, content('Nine people are on board.'));
      const { page, close } = await sitDown('ann', 'editor');
      const item = waiting(page, 'Nine people');
      await item.waitFor();
      const path = `**/approve-submission`;
      // The author is faster than the click.
      const beforeThat = async (route: Route) => {
        const rest = {
          occurred: { precision: 'unknown' },
          sourcing: { basis: 'desk', standing: 'reported' },
          modality: { mode: 'asserted' },
        };
        const { content: ten } = content('Ten people are on board.');
        const change = { content: { ...ten, ...rest }, wrong: 'The count.', reason: 'Asked again.' };
        const corrected = await rita.post(`/stories/${story}/developments/${body.development}/correct`, change);
        expect(corrected.status).toBe(201);
        await route.continue();
      };
      await page.route(path, beforeThat, { times: 1 });
      await item.getByRole('button', { name: 'Approve' }).click();
      const conflict = page.getByRole('region', { name: 'rita changed it meanwhile' });
      await conflict.getByRole('row', { name: /^Body Nine people are on board.*Ten people are on board/ }).waitFor();
      if (pictures) await screenshot(page, `${pictures}/desk-review-changed.png`, false);
      const shown = async () => (await newsroom.readers.get(`/stories/${story}/timeline`)).text;
      expect(await shown()).not.toContain('people are on board');
      await waiting(page, 'Ten people').getByRole('button', { name: 'Approve' }).click();
      await page.getByText(/^Approved and published, /).waitFor();
      expect(await shown()).toContain('Ten people are on board.');
      await close();
    });
  });

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, screenshot } from '../../harness/browser.js';
import { published, row, sitDown as sitDownAt, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'shared-drafts';
const pictures = process.env.SCREENS;

/** The tests of drafts that a team shares, in a newsroom that they share with other parts. */
export const deskDrafts = (shared: DeskNewsroom): void =>
  describe('drafts that a team shares', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    let desk: Desk;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ title: 'The harbour' });
    });

    // Each is another browser, with a storage of its own.
    const sitDown = (who: string) => sitDownAt(browser, newsroom, story, who, { still: true });
    const text = (page: Page) => page.locator('#draft-content-body');
    const saved = (page: Page) => page.getByText('Saved: your team can read and continue it.').waitFor();
    const headline = (page: Page) => page.locator('#draft-content-headline');
    /** Opens what is folded away, to write a headline. */
    const writeHeadline = async (page: Page, words: string) => {
      await page.keyboard.press('Alt+H');
      await headline(page).fill(words);
    };

    test('a second editor takes over a draft in another browser and posts it, and the first is told', async () => {
      const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
      await text(ada.page).fill('The ferry is late by');
      await saved(ada.page);
      const offered = ben.page.getByRole('button', { name: /Take over ada’s draft of .*: The ferry is late by/ });
      await offered.waitFor();
      expect(await axeFindings(ben.page)).toEqual([]);
      if (pictures) await screenshot(ben.page, `${pictures}/desk-drafts.png`, false);
      await offered.click();
      expect(await valueOf(text(ben.page), 'The ferry is late by')).toBe('The ferry is late by');
      await ada.page.getByText('ben’s draft').waitFor();
      await text(ben.page).fill('The ferry is late by two hours.');
      await saved(ben.page);
      expect(await valueOf(text(ada.page), 'The ferry is late by two hours.')).toBe('The ferry is late by two hours.');
      await text(ben.page).press('Control+Enter');
      await ben.page.getByText(published).waitFor();
      await ada.page.getByText('ben posted this draft.').waitFor();
      await text(ada.page).press('Control+Enter');
      await ada.page.getByText('This draft has ended, so it is not posted.').waitFor();
      await ada.page.getByRole('button', { name: 'Close it' }).click();
      await row(ada.page, 'The ferry is late by two hours').waitFor();
      expect(await valueOf(text(ada.page), '')).toBe('');
      expect(await row(ada.page, 'The ferry').count()).toBe(1);
      await ada.close();
      await ben.close();
    });

    test('what two browsers write in different fields is joined; in one field a person chooses', async () => {
      const [ada, also] = [await sitDown('ada'), await sitDown('ada')];
      await text(ada.page).fill('The bridge is closed.');
      await saved(ada.page);
      await also.page.getByRole('button', { name: /Continue the draft of .*: The bridge is closed/ }).click();
      expect(await valueOf(text(also.page), 'The bridge is closed.')).toBe('The bridge is closed.');
      await writeHeadline(also.page, 'Bridge closed');
      await text(ada.page).fill('The bridge is closed until Monday.');
      expect(await valueOf(text(also.page), 'The bridge is closed until Monday.')).toContain('Monday');
      await ada.page.keyboard.press('Alt+H');
      expect(await valueOf(headline(ada.page), 'Bridge closed')).toBe('Bridge closed');
      await Promise.all([saved(ada.page), saved(also.page)]);

      // Both write while neither can hear of the other.
      await also.page.context().setOffline(true);
      await text(also.page).fill('The bridge is closed until Tuesday.');
      await text(ada.page).fill('The bridge is closed until Sunday.');
      await saved(ada.page);
      await also.page.context().setOffline(false);
      await also.page.getByRole('region', { name: 'ada changed this draft at the same time' }).waitFor();
      expect(await axeFindings(also.page)).toEqual([]);
      expect(await text(also.page).inputValue()).toBe('The bridge is closed until Tuesday.');
      expect(await text(ada.page).inputValue()).toBe('The bridge is closed until Sunday.');
      await also.page.getByRole('button', { name: 'Continue with these' }).click();
      expect(await valueOf(text(ada.page), 'The bridge is closed until Tuesday.')).toContain('Tuesday');
      await also.page.getByRole('button', { name: 'Discard' }).click();
      await ada.page.getByText('ada discarded this draft.').waitFor();
      await ada.close();
      await also.close();
    });

    test('a slow press on a button counts, though what arrives meanwhile moves the form', async () => {
      const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
      await ada.page.getByText('Also here: ben').waitFor();
      await text(ada.page).fill('The pier opens at noon');
      // The press takes the focus from the text, which is saved then; a saved draft can be handed over, so its form has one more line.
      const handOver = ada.page.getByLabel('Hand over to');
      const button = ada.page.getByRole('button', { name: /^Post/ });
      const at = (await button.boundingBox())!;
      await ada.page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
      const answer = ada.page.waitForResponse(response => response.request().method() === 'PUT');
      await ada.page.mouse.down();
      await answer;
      await ada.page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      expect(await handOver.count()).toBe(0);
      await ada.page.mouse.up();
      await ada.page.getByText(published).waitFor();
      await row(ada.page, 'The pier opens at noon').waitFor();
      await ada.close();
      await ben.close();
    });

    test('an embargo that was chosen while a colleague changed the text is not lost', async () => {
      const [ada, also] = [await sitDown('ada'), await sitDown('ada')];
      const embargo = (page: Page) => page.getByRole('checkbox', { name: /^Embargo/ });
      await text(ada.page).fill('The minister resigns.');
      await saved(ada.page);
      await also.page.getByRole('button', { name: /Continue the draft of .*: The minister resigns/ }).click();
      expect(await valueOf(text(also.page), 'The minister resigns.')).toBe('The minister resigns.');
      await also.page.keyboard.press('Alt+H');
      await also.page.context().setOffline(true);
      await embargo(also.page).check();
      await text(ada.page).fill('The minister resigns tonight.');
      await saved(ada.page);
      await also.page.context().setOffline(false);
      expect(await valueOf(text(also.page), 'The minister resigns tonight.')).toContain('tonight');
      expect(await embargo(also.page).isChecked()).toBe(true);
      await also.page.getByRole('button', { name: /^Post under embargo/ }).waitFor();
      await ada.page.getByRole('button', { name: /^Post under embargo/ }).waitFor();
      await also.page.getByRole('button', { name: 'Discard' }).click();
      await ada.page.getByText('ada discarded this draft.').waitFor();
      await ada.close();
      await also.close();
    });

    test('colleagues see who is here and who corrects which post, until the person leaves', async () => {
      const development = await desk.say('We open at nine');
      await newsroom.seen(desk.position);
      const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
      await ada.page.getByText('Also here: ben').waitFor();
      await ben.page.locator(`#row-${development}`).click();
      await ben.page.keyboard.press('c');
      await ben.page.getByRole('textbox', { name: 'What was wrong' }).fill('The hour');
      await row(ada.page, 'We open at nine').getByText('ben is correcting this').waitFor();
      await ada.page.getByText('Also here: ben (writing)').waitFor();
      if (pictures) await screenshot(ada.page, `${pictures}/desk-presence.png`, false);
      await ben.page.goto('about:blank');
      await row(ada.page, 'We open at nine').getByText('ben is correcting this').waitFor({ state: 'detached' });
      await ada.close();
      await ben.close();
    });
  });

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeFindings } from '../../harness/browser.js';
import { readAlong, row, sitDown as sitDownAt, unfold, write } from '../../harness/desk-page.js';
import { forge } from '../../harness/forging.js';
import type { Line } from '../../harness/line.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk } from '../../pages/posting.js';

const story = 'harbour';
const quiet = 'quiet-harbour';

/** The tests of acts at the desk, in a newsroom that they share with other parts. */
export const deskActs = (shared: DeskNewsroom): void =>
  describe('acts at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    let keys: Line;

    beforeAll(async () => {
      ({ newsroom, browser, keys } = shared);
      for (const id of [story, quiet]) await new Desk(await newsroom.as(['editor']), id).open();
    });

    const sitDown = (of = story) => sitDownAt(browser, newsroom, of, 'ada');
    const readers = () => readAlong(browser, newsroom, story);
    async function post(page: Page, topic: string): Promise<void> {
      await write(page, topic);
      await page.keyboard.press('Control+Enter');
      await row(page, topic).locator('time').waitFor();
    }
    /** Opens the form of an act on the selected development. */
    async function act(page: Page, title: string): Promise<Locator> {
      await page
        .locator('.selected')
        .getByRole('button', { name: new RegExp(`^${title}`) })
        .click();
      return page.getByRole('dialog', { name: title });
    }
    async function choose(field: Locator, words: string): Promise<void> {
      await field.fill(words);
      await field.press('Enter');
    }

    test('an editor supersedes a development, and readers’ open pages show it', async () => {
      const { page, faults, close } = await sitDown();
      await post(page, 'The ferry leaves at nine');
      await post(page, 'The ferry leaves at ten');
      const reader = await readers();
      await row(page, 'The ferry leaves at nine').click();
      const dialog = await act(page, 'Supersede');
      await choose(dialog.getByRole('combobox', { name: 'By' }), 'at ten');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Supersede' }).click();
      await row(page, 'The ferry leaves at nine').getByText('superseded').waitFor();
      await reader.page.locator('.is-superseded', { hasText: 'at nine' }).getByText('No longer current').waitFor();
      expect([...faults, ...reader.faults]).toEqual([]);
      await reader.close();
      await close();
    });

    test('an editor links a development to another and removes the link', async () => {
      const { page, faults, close } = await sitDown();
      await post(page, 'The pier is open');
      await post(page, 'The pier is shut');
      const reader = await readers();
      const entry = reader.page.locator('#timeline .entry', { has: reader.page.getByText('The pier is shut') }).first();
      await row(page, 'The pier is shut').click();
      const dialog = await act(page, 'Link');
      await choose(dialog.getByRole('combobox', { name: 'To' }), 'The pier is open');
      await dialog.getByRole('radio', { name: 'Contradicts' }).check();
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Link' }).click();
      const link = entry.getByRole('link', { name: 'The pier is open' });
      await link.waitFor();
      expect(await axeFindings(reader.page)).toEqual([]);
      const off = await act(page, 'Remove link');
      await choose(off.getByRole('combobox', { name: 'To' }), 'The pier is open');
      await off.getByRole('radio', { name: 'Contradicts' }).check();
      await off.getByRole('button', { name: 'Remove link' }).click();
      await link.waitFor({ state: 'detached' });
      expect([...faults, ...reader.faults]).toEqual([]);
      await reader.close();
      await close();
    });

    test('an editor finds a condition by a word and settles it', async () => {
      const { page, faults, close } = await sitDown();
      await write(page, 'The boats go out');
      await unfold(page, 'S');
      await page.getByRole('radio', { name: 'Conditional' }).check();
      await choose(page.getByRole('combobox', { name: 'If' }), 'the storm passes');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The boats go out').locator('time').waitFor();
      const reader = await readers();
      await page.keyboard.press('Control+k');
      await choose(page.getByRole('dialog').getByRole('combobox'), 'storm');
      const dialog = page.getByRole('dialog', { name: 'Settle a condition' });
      await dialog.getByText('the storm passes').waitFor();
      await dialog.getByRole('radio', { name: 'Met' }).check();
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('The wind has turned.');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Settle a condition' }).click();
      await dialog.waitFor({ state: 'detached' });
      await reader.page.locator('#timeline .fate.is-met').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('storm');
      // The update is still found by its headline. No condition is left to settle.
      await page
        .getByRole('dialog')
        .getByRole('option', { name: /The boats go out/ })
        .waitFor();
      expect(await page.getByRole('dialog').getByRole('option').count()).toBe(1);
      expect([...faults, ...reader.faults]).toEqual([]);
      await reader.close();
      await close();
    });

    test('while the key store is unavailable the desk says so and keeps the draft, which is posted later', async () => {
      const { page, close } = await sitDown();
      await write(page, 'The lamps are lit');
      await keys.cut();
      try {
        await page.keyboard.press('Control+Enter');
        await page.getByText(/The key store is unreachable.*Your draft is kept here/).waitFor();
        expect(await axeFindings(page)).toEqual([]);
      } finally {
        await keys.mend();
      }
      await page.reload();
      const topic = page.getByRole('textbox', { name: 'Topic' });
      await topic.waitFor();
      expect(await topic.inputValue()).toBe('The lamps are lit');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The lamps are lit').locator('time').waitFor();
      expect(await row(page, 'The lamps are lit').count()).toBe(1);
      await close();
    });

    test('on a quarantined stream the desk says so and keeps the draft', async () => {
      const { page, close } = await sitDown(quiet);
      await post(page, 'Nothing happens');
      await write(page, 'Still nothing happens');
      await forge(newsroom, `story:${quiet}`);
      await page.keyboard.press('Control+Enter');
      await page.getByText(/The stream is quarantined.*This command had no effect.*Your draft is kept/).waitFor();
      await page.reload();
      await page.getByRole('textbox', { name: 'Topic' }).waitFor();
      expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe('Still nothing happens');
      await close();
    });
  });

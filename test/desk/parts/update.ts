import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, screenshot, type How } from '../../harness/browser.js';
import { openForm, published, row, sitDown as sitDownAt, unfold, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk } from '../../pages/posting.js';
import { tenUpdates } from '../ten-updates.js';
import { typeUpdate } from '../typing.js';

const story = 'a-long-day';
const pictures = process.env.SCREENS;

interface Shown {
  readonly kind: string;
  readonly bodyHtml: string;
  readonly occurred: object;
  readonly sourcing: object;
  readonly modality: { readonly mode: string };
}

/** The tests of posting an update at the desk, in a newsroom that they share with other parts. */
export const deskUpdate = (shared: DeskNewsroom): void =>
  describe('posting an update at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ title: 'A long day' });
      for (const [id, name] of [
        ['lena-brandt', 'Lena Brandt'],
        ['leonard-vos', 'Leonard Vos'],
      ])
        await desk.send('/actors', { id, name, kind: 'person', aliases: [] });
    });

    const sitDown = (how: How = {}) => sitDownAt(browser, newsroom, story, 'ada', { still: true, ...how });
    const text = (page: Page) => page.locator('#draft-content-body');
    const offers = (page: Page) => page.getByRole('listbox', { name: 'Offers' });
    const latest = async () => (await newsroom.readers.get(`/stories/${story}/timeline?limit=1`)).body.entries[0];

    test('an editor posts ten updates with only their text and one key each', async () => {
      const { page, faults, close } = await sitDown();
      for (const update of tenUpdates) {
        const { keys } = await typeUpdate(page, update);
        expect([update, keys]).toEqual([update, update.length + 1]);
      }
      const { body } = await newsroom.readers.get(`/stories/${story}/timeline`);
      const posted = body.entries.map(({ kind, bodyHtml, occurred, sourcing, modality }: Shown) => ({
        ...{ kind, bodyHtml, occurred, sourcing, mode: modality.mode },
      }));
      expect(posted).toEqual(
        tenUpdates.toReversed().map(text => ({
          ...{ kind: 'update', occurred: { precision: 'unknown' } },
          ...{ sourcing: { basis: 'desk', standing: 'reported' }, mode: 'asserted' },
          bodyHtml: expect.stringContaining(text.slice(0, 12)),
        })),
      );
      expect(faults).toEqual([]);
      await close();
    });

    test('text typed while a post is sent becomes the next update', async () => {
      const { page, close } = await sitDown();
      let go = (): void => undefined;
      const held = new Promise<void>(resolve => (go = resolve));
      await page.route('**/developments', async route => {
        if (route.request().method() === 'POST') await held;
        await route.continue();
      });
      await page.keyboard.type('The lights go out.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: 'Sending …' }).waitFor();
      await page.keyboard.type(' They are back.');
      go();
      await page.getByText(published).waitFor();
      expect(await valueOf(text(page), 'They are back.')).toBe('They are back.');
      await page.keyboard.press('Control+Enter');
      await row(page, 'They are back').locator('time').waitFor();
      await row(page, 'The lights go out').waitFor();
      await close();
    });

    test('the defaults are shown in words, and one key opens each part', async () => {
      const { page, close } = await sitDown();
      const folds = page.getByRole('group', { name: 'Kind, source, time and headline' });
      expect(await folds.getByRole('button').allTextContents()).toEqual([
        expect.stringContaining('Kind: Update'),
        expect.stringContaining('Desk, reported, asserted'),
        expect.stringContaining('time not given'),
        expect.stringContaining('no headline'),
      ]);
      await page.keyboard.type('Rain in the harbour.');
      await unfold(page, 'S');
      await page.getByRole('radio', { name: 'Desk' }).or(page.getByLabel('Known from')).first().waitFor();
      await unfold(page, 'W');
      await page.getByRole('button', { name: 'Now' }).click();
      await unfold(page, 'H');
      await page.locator('#draft-content-headline:focus').waitFor();
      await page.keyboard.type('Weather');
      await folds.getByRole('button', { name: /headline: Weather/ }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await row(page, 'Weather').locator('time').waitFor();
      expect(await latest()).toMatchObject({
        headline: 'Weather',
        bodyHtml: expect.stringContaining('Rain in the harbour.'),
        occurred: { precision: 'minute' },
      });
      // The next update starts with the defaults again.
      await folds.getByRole('button', { name: /time not given/ }).waitFor();
      await close();
    });

    test('@ completes an actor’s name, and Escape keeps the text as it was typed', async () => {
      const { page, close } = await sitDown();
      await page.keyboard.type('A word from @le');
      await offers(page).getByRole('option', { name: 'Lena Brandt' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await valueOf(text(page), 'A word from Leonard Vos')).toBe('A word from Leonard Vos');
      await page.keyboard.type(', not @lena');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      expect(await valueOf(text(page), 'A word from Leonard Vos, not @lena\n')).toBe(
        'A word from Leonard Vos, not @lena\n',
      );
      await page.getByRole('button', { name: 'Discard' }).click();
      await close();
    });

    test('a quotation mark offers a statement by the named actor, and changing back loses nothing', async () => {
      const { page, close } = await sitDown();
      const words = 'Mayor Lena Brandt: "Nobody will be left behind."';
      await page.keyboard.type(words);
      await offers(page).getByRole('option', { name: 'Make it a quote by Lena Brandt' }).waitFor();
      await page.keyboard.press('Alt+Q');
      await page.getByRole('button', { name: 'Remove Lena Brandt' }).waitFor();
      const quote = page.getByRole('textbox', { name: 'Quote' });
      expect(await valueOf(quote, 'Nobody will be left behind.')).toBe('Nobody will be left behind.');
      await unfold(page, 'K');
      await page.keyboard.type('update');
      await page.keyboard.press('Enter');
      await page.locator('#draft-content-body:focus').waitFor();
      expect(await valueOf(text(page), words)).toBe(words);
      await page.keyboard.press('Alt+Q');
      await quote.waitFor();
      await page.getByRole('button', { name: 'Remove Lena Brandt' }).waitFor();
      await page.keyboard.press('Control+Enter');
      await row(page, 'Nobody will be left behind').locator('time').waitFor();
      expect(await latest()).toMatchObject({ kind: 'statement', data: { speaker: 'lena-brandt' } });
      await close();
    });

    test('a shortcut moves the focus before the next key arrives', async () => {
      const { page, close } = await sitDown();
      // Without waiting in between, as a fast typist on a busy machine.
      const focusAfter = (code: string) =>
        page.evaluate(code => {
          const shortcut = new KeyboardEvent('keydown', { code, altKey: true, bubbles: true, cancelable: true });
          document.activeElement!.dispatchEvent(shortcut);
          return document.activeElement!.id;
        }, code);
      await page.keyboard.type('Lena Brandt: "Nobody will be left behind."');
      await offers(page).getByRole('option', { name: 'Make it a quote by Lena Brandt' }).waitFor();
      expect(await focusAfter('KeyQ')).toBe('draft-content-data-paraphrase');
      expect(await focusAfter('KeyK')).toBe('draft-kind');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Discard' }).click();
      await close();
    });

    test('an editor changes the kind of a draft by its name and back, and loses nothing', async () => {
      const { page, close } = await sitDown();
      await openForm(page, 'arrival');
      await page.locator('#draft-content-data-actors:focus').waitFor();
      await page.keyboard.type('lena');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Place' }).fill('Harbour');
      await text(page).fill('With two aides.');
      await unfold(page, 'K');
      await page.keyboard.type('departure');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Lena Brandt' }).waitFor();
      await unfold(page, 'K');
      await page.keyboard.type('update');
      await page.keyboard.press('Enter');
      expect(await valueOf(text(page), 'With two aides.')).toBe('With two aides.');
      await page.reload();
      await page.locator('#draft-content-body:focus').waitFor();
      await unfold(page, 'K');
      await page.keyboard.type('arrival');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Lena Brandt' }).waitFor();
      expect(await valueOf(page.getByRole('textbox', { name: 'Place' }), 'Harbour')).toBe('Harbour');
      await page.getByRole('button', { name: 'Discard' }).click();
      await close();
    });

    test('two fields that change before the form is drawn again both keep their words', async () => {
      const { page, close } = await sitDown();
      await openForm(page, 'arrival');
      await page.locator('#draft-content-data-actors:focus').waitFor();
      const place = page.getByRole('textbox', { name: 'Place' });
      await page.evaluate(() => {
        const label = [...document.querySelectorAll('label')].find(({ textContent }) =>
          textContent.startsWith('Place'),
        )!;
        const typed = [
          [document.getElementById(label.htmlFor), 'Harbour'],
          [document.getElementById('draft-content-body'), 'With two aides.'],
        ] as const;
        for (const [field, words] of typed) {
          (field as HTMLInputElement).value = words;
          field!.dispatchEvent(new Event('input', { bubbles: true }));
        }
      });
      expect(await valueOf(text(page), 'With two aides.')).toBe('With two aides.');
      await page.reload();
      await place.waitFor();
      expect(await valueOf(place, 'Harbour')).toBe('Harbour');
      await page.getByRole('button', { name: 'Discard' }).click();
      await close();
    });

    test('the desk says the story’s posting defaults, and an editor changes them for the next posts', async () => {
      await new Desk(await newsroom.as(['editor']), 'official-day').open({ title: 'An official day' });
      const { page, faults, close } = await sitDownAt(browser, newsroom, 'official-day', 'ada', { still: true });
      await unfold(page, 'S');
      await page.getByText('This story’s default: Desk, reported, asserted.').waitFor();
      await page.getByRole('button', { name: 'Change it for the story …' }).click();
      const dialog = page.getByRole('dialog', { name: 'Set the posting defaults' });
      await dialog.getByRole('radio', { name: 'Official' }).check();
      await dialog.getByRole('radio', { name: 'Confirmed' }).check();
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Set the posting defaults' }).click();
      await page.getByRole('button', { name: /Official, confirmed, asserted/ }).waitFor();
      await page.getByText(/^Done: set the posting defaults, \d\d:\d\d\.$/).waitFor();
      await page.locator('#draft-content-body').fill('The bridge is closed.');
      await page.locator('.preview').getByText('Official').first().waitFor();
      await page.keyboard.press('Control+Enter');
      await row(page, 'The bridge is closed').locator('time').waitFor();
      const { body } = await newsroom.readers.get('/stories/official-day/timeline');
      expect(body.entries[0].sourcing).toEqual({ basis: 'official', standing: 'confirmed' });
      expect(faults).toEqual([]);
      await close();
    });

    test.each<[string, How]>([
      ['light', {}],
      ['dark', { theme: 'dark' }],
    ])('axe finds nothing: %s', async (name, how) => {
      const { page, close } = await sitDown(how);
      await page.keyboard.type('Low water at noon. The ferry waits for @le');
      await offers(page).getByRole('option').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.locator('.preview').getByText('Low water at noon').first().waitFor();
      if (pictures) await screenshot(page, `${pictures}/desk-update-${name}.png`, false);
      await close();
    });

    test('on a phone the form fits the screen, and one field and one button are enough', async () => {
      const { page, faults, close } = await sitDown({ width: 360 });
      await text(page).fill('Low water at noon.');
      expect(await axeFindings(page)).toEqual([]);
      const [wide, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
      expect(wide).toBeLessThanOrEqual(room!);
      if (pictures) await screenshot(page, `${pictures}/desk-update-phone.png`, false);
      await page.getByRole('button', { name: 'Post', exact: true }).click();
      await row(page, 'Low water at noon').locator('time').waitFor();
      expect(faults).toEqual([]);
      await close();
    });
  });

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { pick, published, row, sitDown as sitDownAt, unfold, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk } from '../../pages/posting.js';
import { typeUpdate } from '../typing.js';

const story = 'a-fast-day';

/** The tests of an editor who does not wait for answers, in a newsroom that they share with other parts. */
export const deskPressure = (shared: DeskNewsroom): void =>
  describe('an editor under pressure', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      await new Desk(await newsroom.as(['editor']), story).open({ title: 'A fast day' });
    });

    const sitDown = () => sitDownAt(browser, newsroom, story, 'ada', { still: true });
    const text = (page: Page) => page.locator('#draft-content-body');
    const latest = async () => (await newsroom.readers.get(`/stories/${story}/timeline?limit=1`)).body.entries[0];

    test('the answer to a post leaves the draft alone that was opened meanwhile, and says if the post failed', async () => {
      const { page, close } = await sitDown();
      await typeUpdate(page, 'A tug is coming.');
      let go = (): void => undefined;
      let held = new Promise<void>(resolve => (go = resolve));
      let isRefused = false;
      await page.route('**/developments', async route => {
        if (route.request().method() !== 'POST') return route.continue();
        await held;
        if (isRefused) await route.abort();
        else await route.continue();
      });
      const correct = async () => {
        await page.getByRole('button', { name: 'Sending …' }).waitFor();
        await row(page, 'A tug is coming').click();
        await page.keyboard.press('c');
        await page.getByRole('heading', { name: /^Correct/ }).waitFor();
        await page.getByRole('textbox', { name: 'What was wrong' }).fill('The tug.');
        go();
      };
      const isUntouched = async () => {
        expect(await page.getByRole('textbox', { name: 'What was wrong' }).inputValue()).toBe('The tug.');
        expect(await text(page).inputValue()).toBe('A tug is coming.');
      };
      await page.keyboard.type('The tide turns.');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: 'Sending …' }).waitFor();
      await page.keyboard.type(' The crew is safe.');
      await correct();
      await page.getByText(published).waitFor();
      await isUntouched();
      held = new Promise<void>(resolve => (go = resolve));
      isRefused = true;
      await page.keyboard.press('Alt+N');
      await page.locator('#draft-content-body:focus').waitFor();
      // What was typed while the first post was sent is the next update, although another draft was open when the answer came.
      await page.getByRole('button', { name: /^Continue the draft of .*: The crew is safe/ }).waitFor();
      await page.keyboard.type('The tide stands.');
      await page.keyboard.press('Control+Enter');
      await correct();
      await page.getByText('“The tide stands.” was not posted. It is under “Other drafts”.').waitFor();
      await isUntouched();
      // An empty form lists the drafts.
      await page.keyboard.press('Alt+N');
      await page.getByRole('button', { name: /^Continue the draft of .*The tide stands/ }).waitFor();
      await close();
    });

    test('a correction begins with the words that belong to the head it names, although readers’ pages are behind', async () => {
      const { page, close } = await sitDown();
      await typeUpdate(page, 'Three boats are out.');
      const { id } = (await latest()) as { id: string };
      const before = (await newsroom.readers.get(`/stories/${story}/timeline/${id}`)).body;
      let behind = Infinity;
      await page.route(new RegExp(`/timeline/${id}([?]|$)`), async route => {
        const response = await route.fetch();
        await (behind-- > 0 ? route.fulfill({ response, json: before }) : route.fulfill({ response }));
      });
      const ben = new Desk(await newsroom.as(['editor'], 0, 'ben'), story);
      const content = {
        ...{ kind: 'update', body: 'Five boats are out.', occurred: { precision: 'unknown' } },
        ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
      };
      await ben.on(id, 'correct', { content, wrong: 'Three.', reason: 'Counted again.' });
      await row(page, 'Five boats are out').click();
      behind = 2;
      await page.keyboard.press('c');
      await page.getByRole('textbox', { name: 'What was wrong' }).waitFor();
      expect(await text(page).inputValue()).toBe('Five boats are out.');
      expect(behind).toBeLessThan(0);
      await close();
    });

    test('a colleague’s draft that is loaded late does not take the place of what is typed meanwhile', async () => {
      const [ada, ben] = [await sitDown(), await sitDownAt(browser, newsroom, story, 'ben', { still: true })];
      await text(ben.page).fill('The buoy is adrift');
      await ben.page.getByText('Saved: your team can read and continue it.').waitFor();
      let go = (): void => undefined;
      const held = new Promise<void>(resolve => (go = resolve));
      await ada.page.route('**/drafts/*', async route => {
        if (route.request().method() === 'GET') await held;
        await route.continue();
      });
      await ada.page.getByRole('button', { name: /Take over ben’s draft of .*: The buoy is adrift/ }).click();
      await text(ada.page).fill('The mast is down.');
      go();
      await ada.page.getByText('The draft was not opened, because you went on writing.').waitFor();
      expect(await text(ada.page).inputValue()).toBe('The mast is down.');
      expect(ada.requests.filter(url => url.endsWith('/take-over'))).toEqual([]);
      for (const { page, close } of [ada, ben]) {
        await page.getByRole('button', { name: 'Discard' }).click();
        await close();
      }
    });

    test('the answer to a dialog that was closed leaves the open one alone, and the desk says what is not done', async () => {
      const { page, close } = await sitDown();
      await typeUpdate(page, 'The keeper is leavng at nine.');
      let go = (): void => undefined;
      let held = Promise.resolve();
      await page.route('**/edit', async route => (await held, route.continue()));
      const point = page.getByRole('dialog', { name: 'What we know' }).getByRole('textbox', { name: 'Point 1' });
      /** Sends a minor edit and closes its dialog. The answer comes when the dialog of the key points is open. */
      const edit = async (from: string, to: string) => {
        held = new Promise<void>(resolve => (go = resolve));
        await row(page, from).click();
        await page.getByRole('button', { name: /^Minor edit/ }).click();
        const dialog = page.getByRole('dialog', { name: 'Minor edit' });
        await dialog.getByRole('textbox', { name: 'Body' }).fill(to);
        await dialog.getByRole('button', { name: 'Save the edit' }).click();
        await dialog.getByRole('button', { name: 'Sending …' }).waitFor();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await pick(page, 'What we know: key points');
        await page.getByRole('button', { name: 'Add a point' }).click();
        await point.fill('The keeper leaves.');
        go();
      };
      const pointStays = async () => {
        expect(await point.inputValue()).toBe('The keeper leaves.');
        await page.keyboard.press('Escape');
        await point.waitFor({ state: 'detached' });
      };
      await edit('The keeper is leavng', 'The keeper is leaving at nine.');
      await page
        .locator('.said')
        .getByText(/^Edited, \d\d:\d\d\.$/)
        .waitFor();
      await pointStays();
      await edit('The keeper is leaving', 'The keeper is leaving at ten.');
      await page.locator('.said').getByText('“Minor edit” is not done.').waitFor();
      await pointStays();
      await close();
    });

    test('what is entered under an embargo after a first version was published stays under it', async () => {
      const { page, close } = await sitDown();
      let isLost = true;
      await page.route('**/developments', async route => {
        if (route.request().method() !== 'POST' || !isLost) return route.continue();
        isLost = false;
        await route.fetch();
        await route.abort();
      });
      await text(page).fill('Two ships are in.');
      await text(page).press('Control+Enter');
      await row(page, 'Two ships are in').locator('time').waitFor();
      await page.getByText('You can safely post it again').waitFor();
      await text(page).fill('Two ships are in. Their owner is bankrupt.');
      await unfold(page, 'H');
      await page.getByRole('checkbox', { name: /^Embargo/ }).check();
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: 'Make your later changes a correction' }).click();
      await page.getByText('Your first version is public.').waitFor();
      expect(await valueOf(text(page), 'Their owner is bankrupt.')).toBe('Their owner is bankrupt.');
      await page.getByRole('button', { name: 'Post under embargo', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Discard' }).click();
      await close();
    });

    test('on a Mac, Option types characters, and Ctrl and Option are the shortcuts', async () => {
      const { page, close } = await sitDown();
      await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }));
      await page.reload();
      await page.locator('.status').getByText('see everything').waitFor();
      await page.locator('#draft-content-body:focus').waitFor();
      await page.keyboard.type('Over to ');
      for (const letter of ['L', 'N', 'Q', 'S']) await page.keyboard.press(`Alt+${letter}`);
      expect(await text(page).inputValue()).toMatch(/^Over to /);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('draft-content-body');
      expect(await page.locator('.folds [aria-expanded=true]').count()).toBe(0);
      await page.keyboard.press('Control+Alt+L');
      await page.locator('#developments:focus').waitFor();
      await page.getByText('Ctrl Option N').first().waitFor();
      await close();
    });
  });

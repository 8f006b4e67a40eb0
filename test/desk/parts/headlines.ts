import type { Role } from '#platform';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { axeFindings, screenshot } from '../../harness/browser.js';
import { pick, sitDown as sitDownAt, valueOf } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'headlines';
const pictures = process.env.SCREENS;

/** The tests of a story's headlines at the desk, in a newsroom that they share with other parts. */
export const deskHeadlines = (shared: DeskNewsroom): void =>
  describe('the headlines of a story at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const editor = await newsroom.as(['editor']);
      const desk = new Desk(editor, story);
      await desk.open({ title: 'The mayor stole the boat', summary: 'So they say.' });
      const amended = { title: 'A boat is missing', zone: 'UTC', reason: 'Nobody knows who took it.' };
      await desk.send(`/stories/${story}/amend`, amended);
      await newsroom.seen(desk.position);
    });

    const sitDown = (who: string, ...roles: Role[]) => sitDownAt(browser, newsroom, story, who, { roles, still: true });

    test('a former one is taken down by two people, and who approves sees its words', async () => {
      const [ann, lea] = [await sitDown('ann', 'editor'), await sitDown('lea', 'legal')];
      const open = async () => {
        await pick(ann.page, 'headlines');
        return ann.page.getByRole('dialog', { name: 'Headlines' });
      };
      const list = await open();
      await list.getByText('Nobody knows who took it.').waitFor();
      expect(await list.getByRole('listitem').locator('strong').allTextContents()).toEqual([
        'A boat is missing',
        'The mayor stole the boat',
      ]);
      expect(await axeFindings(ann.page)).toEqual([]);
      if (pictures) await screenshot(ann.page, `${pictures}/desk-headlines.png`, false);
      const former = list.getByRole('listitem').filter({ hasText: 'The mayor stole the boat' });
      await former.getByRole('button', { name: /^Propose to take down/ }).click();
      const proposing = ann.page.getByRole('dialog', { name: 'Propose to take down the headline' });
      await proposing.getByText('somebody else, with the role legal, approves').waitFor();
      await proposing.getByText('The mayor stole the boat').waitFor();
      await proposing.getByRole('radio', { name: 'Legal' }).check();
      await proposing.getByRole('textbox', { name: 'Reason' }).fill('It is a libel.');
      await proposing.getByRole('button', { name: 'Propose to take down the headline' }).click();
      await proposing.waitFor({ state: 'detached' });
      await (await open()).getByText('A takedown of it waits for a second person.').waitFor();

      const waiting = lea.page.getByRole('region', { name: /^Waiting for a second person/ });
      await waiting.getByText('Take down a headline or key point').waitFor();
      await waiting.getByRole('button', { name: 'Approve' }).click();
      const approving = lea.page.getByRole('dialog', { name: 'Approve' });
      await approving.locator('.two-people .about').getByText('The mayor stole the boat').waitFor();
      await approving.locator('.two-people .about').getByText('So they say.').waitFor();
      expect(await approving.getByText('they never saw it').count()).toBe(0);
      expect(await axeFindings(lea.page)).toEqual([]);
      if (pictures) await screenshot(lea.page, `${pictures}/desk-approve-headline.png`, false);
      await approving.getByRole('button', { name: 'Approve' }).click();
      await waiting.getByText('Nothing waits.').waitFor();
      // The open list follows.
      await list.getByText('Taken down').waitFor();
      const { text } = await newsroom.readers.get(`/stories/${story}`);
      expect(text).not.toContain('stole');
      expect(text).toContain('A boat is missing');
      for (const { faults, close } of [ann, lea]) {
        expect(faults).toEqual([]);
        await close();
      }
    });

    test('a person with both roles is told who approves what they propose in each', async () => {
      const both = await sitDown('eva', 'editor', 'legal');
      await pick(both.page, 'take down the headline');
      await both.page.getByText('with the role legal if you act as editor, editor if you act as legal').waitFor();
      await both.close();
    });

    /** The control of a field in a dialog. */
    const control = (dialog: Locator, field: string) =>
      dialog.locator(`[data-field="${field}"]`).locator('input, textarea');
    const load = (dialog: Locator) => dialog.getByRole('button', { name: 'Load it as it is now' }).click();

    test('of two changes of the headline at once the second is refused, and undoes nothing', async () => {
      const desk = new Desk(await newsroom.as(['editor']), 'two-headlines');
      await desk.open({ title: 'A boat sails', summary: 'At nine.', zone: 'UTC' });
      await newsroom.seen(desk.position);
      const { page, close } = await sitDownAt(browser, newsroom, 'two-headlines', 'ann', { roles: ['editor'] });
      await pick(page, 'change the headline');
      const dialog = page.getByRole('dialog', { name: 'Change the headline' });
      await control(dialog, 'summary').fill('At ten.');
      await control(dialog, 'reason').fill('It is late.');
      const theirs = { title: 'A ferry sails', summary: 'At nine.', zone: 'UTC', reason: 'It is a ferry.' };
      await desk.send('/stories/two-headlines/amend', theirs);
      // It is behind the dialog, so it is not found by its role.
      await page.locator('h1', { hasText: 'A ferry sails' }).waitFor();
      const send = () => dialog.getByRole('button', { name: 'Change the headline' }).click();
      await send();
      await dialog.getByText('A colleague changed it meanwhile').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await load(dialog);
      expect(await valueOf(control(dialog, 'title'), 'A ferry sails')).toBe('A ferry sails');
      expect(await control(dialog, 'summary').inputValue()).toBe('At ten.');
      await send();
      await dialog.waitFor({ state: 'detached' });
      const { stories } = (await (await newsroom.as(['editor'])).get('/stories?limit=500')).body;
      expect(stories.find(({ id }: { id: string }) => id === 'two-headlines')).toMatchObject({
        ...{ title: 'A ferry sails', summary: 'At ten.' },
      });
      await close();
    });

    test('of two changes of an actor at once the second is refused, and undoes nothing', async () => {
      const editor = await newsroom.as(['editor']);
      await new Desk(editor, story).send('/actors', { id: 'purser', name: 'Pia Purser', kind: 'person' });
      const { page, close } = await sitDown('ann', 'editor');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill('amend actor pia purser');
      await page.getByRole('option', { name: 'Amend actor: Pia Purser' }).waitFor();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Amend Pia Purser' });
      await control(dialog, 'name').fill('Pia Purser-Price');
      const theirs = { name: 'Pia Purser', kind: 'person', aliases: ['The Purser'], affiliations: [] };
      expect((await editor.put('/actors/purser', theirs)).status).toBeLessThan(300);
      const save = () => dialog.getByRole('button', { name: 'Save' }).click();
      await save();
      await dialog.getByText('A colleague changed it meanwhile').waitFor();
      await load(dialog);
      expect(await valueOf(control(dialog, 'aliases'), 'The Purser')).toBe('The Purser');
      await save();
      await dialog.waitFor({ state: 'detached' });
      const { actors } = (await editor.get('/actors?limit=500')).body;
      expect(actors.find(({ id }: { id: string }) => id === 'purser')).toMatchObject({
        ...{ name: 'Pia Purser-Price', aliases: ['The Purser'] },
      });
      await close();
    });

    test('a closed story leads to the desk of the story in which the coverage goes on, and a reopened one does not', async () => {
      const editor = await newsroom.as(['editor']);
      const [day, night] = [new Desk(editor, 'the-day'), new Desk(editor, 'the-night')];
      await night.open({ title: 'The night at the harbour' });
      await day.open({ title: 'The day at the harbour' });
      await newsroom.seen(day.position);
      const ann = await sitDownAt(browser, newsroom, 'the-day', 'ann', { roles: ['editor'] });
      const goesOn = ann.page.getByRole('link', { name: 'goes on in The night at the harbour' });
      expect(await goesOn.count()).toBe(0);
      await day.send('/stories/the-day/close', { continues: 'the-night' });
      await goesOn.waitFor();
      expect(await goesOn.getAttribute('href')).toBe('/desk/the-night');
      expect(await axeFindings(ann.page)).toEqual([]);
      await ann.page.reload();
      await goesOn.waitFor();
      await day.send('/stories/the-day/reopen', {});
      await goesOn.waitFor({ state: 'detached' });
      expect(ann.faults).toEqual([]);
      await ann.close();
    });
  });

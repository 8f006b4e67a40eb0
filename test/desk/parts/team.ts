import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, openPage, screenshot } from '../../harness/browser.js';
import { pick, row, sitDown as sitDownAt } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'team';
const pictures = process.env.SCREENS;

/** The tests of a story's team at the desk, in a newsroom that they share with other parts. */
export const deskTeam = (shared: DeskNewsroom): void =>
  describe('the team of a story at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor'], 0, 'tess'), story);
      await desk.open({ team: 'own' });
      await desk.say('We stay here.');
      await newsroom.seen(desk.position);
    });

    const sitDown = (who: string) => sitDownAt(browser, newsroom, story, who, { roles: ['editor'], still: true });
    const teamOf = async (page: Page) => {
      await pick(page, 'team of this story');
      return page.getByRole('dialog', { name: 'Team' });
    };

    test('a chief adds somebody, who may then do what the role allows; and removes them again', async () => {
      const address = await newsroom.deskOf(story, ['editor'], 0, 'rolf');
      const out = await openPage(browser, address, { width: 1440, still: true });
      await out.page.getByRole('heading', { name: 'This story has a team' }).waitFor();
      await out.page.getByText('Ask one of its chiefs to add you: tess (tess).').waitFor();
      expect(await out.page.locator('code').textContent()).toBe('rolf');
      expect(await axeFindings(out.page)).toEqual([]);
      if (pictures) await screenshot(out.page, `${pictures}/desk-not-in-team.png`, false);

      const tess = await sitDown('tess');
      const team = await teamOf(tess.page);
      await team.getByLabel('How they sign in').fill('rolf');
      await team.getByLabel('Role of the new member').selectOption('Reporter');
      await team.getByRole('button', { name: 'Add', exact: true }).click();
      await team.getByText('rolf is in the team.').waitFor();
      await team.getByLabel('Role of rolf').waitFor();
      expect(await axeFindings(tess.page)).toEqual([]);
      if (pictures) await screenshot(tess.page, `${pictures}/desk-team.png`, false);

      await out.close();
      const rolf = await sitDown('rolf');
      await row(rolf.page, 'We stay here.').click();
      const selected = rolf.page.locator('.selected');
      await selected.waitFor();
      // A reporter writes, and does nothing to what others posted.
      await rolf.page.getByRole('heading', { name: 'New post' }).waitFor();
      await expectNone(selected.getByRole('button', { name: 'Pin' }));
      await expectNone(selected.getByRole('button', { name: 'Correct' }));

      await team.getByLabel('Role of rolf').selectOption('Editor');
      await team.getByText('rolf is now editor.').waitFor();
      await selected.getByRole('button', { name: 'Pin' }).click();
      await selected.getByRole('button', { name: 'Unpin' }).waitFor();
      // Who is no chief sees the team, and cannot change it.
      const theirs = await teamOf(rolf.page);
      await theirs.getByText('A chief of the story changes the team.').waitFor();
      await expectNone(theirs.getByRole('button', { name: /^Remove/ }));
      await rolf.page.keyboard.press('Escape');

      await team.getByRole('button', { name: 'Remove rolf' }).click();
      await team.getByText('rolf is no longer in the team.').waitFor();
      await rolf.page.getByRole('heading', { name: 'This story has a team' }).waitFor();
      await team.getByRole('button', { name: 'Remove tess' }).click();
      await team.getByText('A team needs a chief.').waitFor();
      for (const { faults, close } of [tess, rolf]) {
        // The browser notes each refusal.
        expect(faults.filter(fault => !/status of (403|409)/.test(fault))).toEqual([]);
        await close();
      }
    });
  });

/** Waits until the page has no such element: the desk learns of a role a moment after it loads. */
async function expectNone(locator: { count(): Promise<number> }): Promise<void> {
  for (let waited = 0; waited < 10_000 && (await locator.count()) > 0; waited += 100)
    await new Promise(resolve => setTimeout(resolve, 100));
  expect(await locator.count()).toBe(0);
}

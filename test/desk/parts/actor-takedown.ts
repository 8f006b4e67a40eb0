import type { Role } from '#platform';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { axeFindings, openPage, screenshot } from '../../harness/browser.js';
import { pick, row, sitDown as sitDownAt } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk, statement } from '../../pages/posting.js';
import type { DeskNewsroom } from './shared.js';

const story = 'the-quay';
const pictures = process.env.SCREENS;

/** The tests of the takedown of an actor's name at the desk, in a newsroom that they share with other parts. */
export const deskActorTakedown = (shared: DeskNewsroom): void =>
  describe('the takedown of an actor’s name at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const editor = await newsroom.as(['editor']);
      const desk = new Desk(editor, story);
      await desk.open({ title: 'A quarrel at the quay' });
      const entry = { kind: 'person', aliases: ['Will Quarrel'], affiliations: [] };
      await desk.send('/actors', { id: 'witness', name: 'Wilma Quarrel', ...entry });
      await desk.record(statement('witness', 'I saw the boat leave.'));
      await newsroom.seen(desk.position);
    });

    const sitDown = (who: string, ...roles: Role[]) => sitDownAt(browser, newsroom, story, who, { roles, still: true });

    test('one person proposes it, another one approves it, and readers’ pages no longer have the name', async () => {
      const [ann, lea] = [await sitDown('ann', 'editor'), await sitDown('lea', 'legal')];
      const open = await openPage(browser, `${newsroom.reader!.url}/s/${story}`);
      const people = open.page.locator('.people');
      await people.getByText('Wilma Quarrel').waitFor();
      const waiting = (of: typeof ann) => of.page.getByRole('region', { name: /^Waiting for a second person/ });
      const choose = async (typed: string) => {
        await pick(ann.page, typed);
      };

      await choose('Propose to take down the name of Wilma');
      const title = 'Propose to take down the name';
      const proposing = ann.page.getByRole('dialog', { name: title });
      await proposing.getByText('somebody else, with the role legal, approves').waitFor();
      await proposing.getByText('Also: Will Quarrel').waitFor();
      await proposing.getByText('Posts keep the name where it is in their headline').waitFor();
      expect(
        await proposing.getByRole('link', { name: 'Find “Will Quarrel” in all stories' }).getAttribute('href'),
      ).toBe(`${newsroom.reader!.url}/s/-/search?q=Will+Quarrel`);
      expect(await axeFindings(ann.page)).toEqual([]);
      await proposing.getByRole('button', { name: 'Find “Wilma Quarrel” in this story' }).click();
      await proposing.waitFor({ state: 'detached' });
      expect(await ann.page.locator('#find:focus').inputValue()).toBe('Wilma Quarrel');
      await row(ann.page, 'I saw the boat leave').waitFor();

      await choose('Propose to take down the name of Wilma');
      await proposing.getByRole('button', { name: title }).click();
      await proposing.getByText('Fill in').or(proposing.locator('.error')).first().waitFor();
      await proposing.getByRole('radio', { name: 'Privacy' }).check();
      await proposing.getByRole('textbox', { name: 'Reason' }).fill('She is a protected witness.');
      if (pictures) await screenshot(ann.page, `${pictures}/desk-actor-takedown.png`, false);
      await proposing.getByRole('button', { name: title }).click();
      await proposing.waitFor({ state: 'detached' });
      await waiting(ann).getByText('Somebody else with the role legal has to approve it').waitFor();
      expect(await waiting(ann).getByRole('button', { name: 'Approve' }).count()).toBe(0);
      await waiting(ann).getByRole('button', { name: 'Withdraw' }).waitFor();

      // The other desk learns of it without a reload.
      await waiting(lea).getByText('Take down the name of an actor').waitFor();
      await waiting(lea).getByText('She is a protected witness.').waitFor();
      expect(await axeFindings(lea.page)).toEqual([]);
      await waiting(lea).getByRole('button', { name: 'Approve' }).click();
      const approving = lea.page.getByRole('dialog', { name: 'Approve: take down the name' });
      await approving.locator('.about').getByText('Wilma Quarrel').waitFor();
      await approving.getByText('to protect a person’s privacy').waitFor();
      await approving.getByText('Nobody can undo this.').waitFor();
      expect(await axeFindings(lea.page)).toEqual([]);
      if (pictures) await screenshot(lea.page, `${pictures}/desk-approve-actor.png`, false);
      await approving.getByRole('button', { name: 'Approve: take down the name' }).click();
      await approving.waitFor({ state: 'detached' });
      await waiting(lea).getByText('Nothing waits.').waitFor();
      await waiting(ann).waitFor({ state: 'detached' });

      await people.getByText('Name withdrawn').waitFor();
      expect((await newsroom.readers.get(`/actors/witness`)).text).not.toContain('Wilma');
      await choose('Amend actor witness');
      await ann.page.getByRole('dialog', { name: 'Amend witness' }).waitFor();
      // The browser reports the refusal that the dialog showed.
      for (const { faults, close } of [ann, lea, open]) {
        expect(faults.filter(fault => !fault.includes('422'))).toEqual([]);
        await close();
      }
    });

    test('a person declines it with a reason, and nothing changes', async () => {
      const editor = await newsroom.as(['editor']);
      const desk = new Desk(editor, story);
      const entry = { kind: 'person', aliases: [], affiliations: [] };
      await desk.send('/actors', { id: 'skipper', name: 'Sam Skipper', ...entry });
      await desk.send('/actors/skipper/propose-takedown', { ground: 'legal', reason: 'A letter came.' });
      const lea = await sitDown('lea', 'legal');
      const waiting = lea.page.getByRole('region', { name: /^Waiting for a second person/ });
      await waiting.getByText('A letter came.').waitFor();
      await waiting.getByRole('button', { name: 'Decline' }).click();
      const declining = lea.page.getByRole('dialog', { name: 'Withdraw or decline' });
      await declining.getByRole('textbox', { name: 'Reason' }).fill('The letter is withdrawn.');
      await declining.getByRole('button', { name: 'Withdraw or decline' }).click();
      await declining.waitFor({ state: 'detached' });
      await waiting.getByText('Nothing waits.').waitFor();
      const { body } = await editor.get('/actors');
      const skipper = body.actors.find(({ id }: { id: string }) => id === 'skipper');
      expect([skipper.name, skipper.proposal, skipper.takenDown]).toEqual(['Sam Skipper', undefined, undefined]);
      expect(lea.faults).toEqual([]);
      await lea.close();
    });
  });

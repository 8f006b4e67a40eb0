import type { Role } from '#platform';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeFindings, screenshot } from '../../harness/browser.js';
import { pick, readAlong, row, sitDown as sitDownAt } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk, statement } from '../../pages/posting.js';

const story = 'fire';
const pictures = process.env.SCREENS;

/** The tests of acts that need two people, at the desk, in a newsroom that they share with other parts. */
export const deskTwoPeople = (shared: DeskNewsroom): void =>
  describe('acts that need two people, at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    let desk: Desk;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open();
    });

    const sitDown = (who: string, ...roles: Role[]) => sitDownAt(browser, newsroom, story, who, { roles, still: true });
    const reader = () => readAlong(browser, newsroom, story);
    async function act(page: Page, title: string): Promise<Locator> {
      await page.locator('.selected').getByRole('button', { name: title }).click();
      return page.getByRole('dialog', { name: title });
    }
    const waiting = (page: Page) => page.getByRole('region', { name: /^Waiting for a second person/ });

    test('an editor proposes a takedown, a lawyer approves it, and readers’ open pages show it', async () => {
      const development = await desk.say('Her address is 5 Pier Road', { body: 'Second house.' });
      await desk.on(development, 'mark-key');
      await newsroom.seen(desk.position);
      const open = await reader();
      const [ann, lea] = [await sitDown('ann', 'editor'), await sitDown('lea', 'legal')];
      await row(ann.page, '5 Pier Road').click();
      const proposing = await act(ann.page, 'Propose to take down');
      await proposing.getByText('somebody else, with the role legal, approves').waitFor();
      await proposing.getByRole('radio', { name: 'Privacy' }).check();
      await proposing.getByRole('textbox', { name: 'Reason' }).fill('She asked us to.');
      expect(await proposing.getByText('As', { exact: true }).count()).toBe(0);
      expect(await axeFindings(ann.page)).toEqual([]);
      await proposing.getByRole('button', { name: 'Propose to take down' }).click();
      await waiting(ann.page).getByText('Somebody else with the role legal has to approve it').waitFor();
      expect(await waiting(ann.page).getByRole('button', { name: 'Approve' }).count()).toBe(0);
      expect(await open.page.content()).toContain('5 Pier Road');

      await waiting(lea.page).getByText('She asked us to.').waitFor();
      await waiting(lea.page).getByText('to protect a person’s privacy').waitFor();
      expect(await axeFindings(lea.page)).toEqual([]);
      if (pictures) await screenshot(lea.page, `${pictures}/desk-two-people.png`, false);
      await waiting(lea.page).getByRole('button', { name: 'Approve' }).click();
      const approving = lea.page.getByRole('dialog', { name: 'Approve' });
      await approving.getByText('An approval permanently destroys its text').waitFor();
      await approving.locator('.tombstone', { hasText: 'to protect a person’s privacy' }).waitFor();
      const { body } = await (await newsroom.as(['legal'])).get(`/stories/${story}/proposals`);
      await approving.getByText(body.proposals[0].proposal.slice(0, 12)).waitFor();
      expect(await axeFindings(lea.page)).toEqual([]);
      if (pictures) await screenshot(lea.page, `${pictures}/desk-approve.png`, false);
      await approving.getByRole('button', { name: 'Approve' }).click();

      const entry = open.page.locator(`#d-${development}`);
      await entry.locator('.tombstone', { hasText: 'Taken down' }).waitFor();
      expect(await open.page.content()).not.toContain('5 Pier Road');
      const { position } = (await newsroom.readers.get(`/stories/${story}`)).body;
      await open.page.getByText(`Position ${position} of the log.`).waitFor();
      for (const { page } of [ann, lea]) {
        await row(page, 'taken down').waitFor();
        await waiting(page).waitFor({ state: page === ann.page ? 'detached' : 'visible' });
        expect(await page.locator('.developments').textContent()).not.toContain('5 Pier Road');
      }
      await waiting(lea.page).getByText('Nothing waits.').waitFor();
      for (const { faults, close } of [ann, lea, open]) {
        expect(faults).toEqual([]);
        await close();
      }
    });

    test('in a story that requires approvals, one editor proposes a retraction and another one approves it', async () => {
      await desk.say('We will rebuild');
      await newsroom.seen(desk.position);
      const open = await reader();
      const lea = await sitDown('lea', 'legal');
      await pick(lea.page, 'approval');
      const setting = lea.page.getByRole('dialog', { name: 'Require a second approval' });
      await setting.getByRole('checkbox', { name: 'Retract' }).check();
      expect(await axeFindings(lea.page)).toEqual([]);
      await setting.getByRole('button', { name: 'Require a second approval' }).click();
      await setting.waitFor({ state: 'detached' });

      const [ann, ben] = [await sitDown('ann', 'editor'), await sitDown('ben', 'editor')];
      await row(ann.page, 'We will rebuild').click();
      expect(await ann.page.getByRole('button', { name: /^Retract/ }).count()).toBe(0);
      const proposing = await act(ann.page, 'Propose to retract');
      await proposing.getByRole('textbox', { name: 'Reason' }).fill('She never said it.');
      await proposing.getByRole('button', { name: 'Propose to retract' }).click();
      await waiting(ben.page).getByRole('button', { name: 'Decline' }).click();
      const declining = ben.page.getByRole('dialog', { name: 'Withdraw or decline' });
      await declining.getByRole('textbox', { name: 'Reason' }).fill('I heard her.');
      await declining.getByRole('button', { name: 'Withdraw or decline' }).click();
      await waiting(ann.page).waitFor({ state: 'detached' });

      const again = await act(ann.page, 'Propose to retract');
      await again.getByRole('textbox', { name: 'Reason' }).fill('The tape says otherwise.');
      await again.getByRole('button', { name: 'Propose to retract' }).click();
      await waiting(ben.page).getByRole('button', { name: 'Approve' }).click();
      const approving = ben.page.getByRole('dialog', { name: 'Approve' });
      await approving.locator('.tombstone', { hasText: 'The tape says otherwise.' }).waitFor();
      await approving.getByRole('button', { name: 'Approve' }).click();
      await open.page.locator('.tombstone', { hasText: 'The tape says otherwise.' }).waitFor();
      await row(ann.page, 'We will rebuild').getByText('retracted').waitFor();

      await lea.page.keyboard.press('Control+k');
      await lea.page.getByRole('dialog').getByRole('combobox').fill('approval');
      await lea.page.keyboard.press('ArrowDown');
      await lea.page.keyboard.press('Enter');
      const fewer = 'Propose to require fewer approvals';
      const loosening = lea.page.getByRole('dialog', { name: fewer });
      await loosening.getByRole('checkbox', { name: 'Retract', checked: true }).uncheck();
      await loosening.getByRole('textbox', { name: 'Reason' }).fill('It is over.');
      await loosening.getByText('After an approval one editor alone may do').waitFor();
      await loosening.getByRole('button', { name: fewer }).click();
      await loosening.waitFor({ state: 'detached' });
      await waiting(ben.page).getByText('Require fewer approvals').waitFor();
      await waiting(ben.page).getByRole('button', { name: 'Approve' }).click();
      await ben.page.getByRole('dialog', { name: 'Approve' }).getByRole('button', { name: 'Approve' }).click();
      await waiting(lea.page).getByText('Nothing waits.').waitFor();
      for (const { faults, close } of [ann, ben, lea, open]) {
        expect(faults).toEqual([]);
        await close();
      }
    });

    test('an approval of a lapsed proposal is refused with an explanation', async () => {
      const development = await desk.say('At nine');
      await newsroom.seen(desk.position);
      await desk.on(development, 'propose-retraction', { reason: 'He never said it.' });
      const ben = await sitDown('ben', 'editor');
      await waiting(ben.page).getByRole('button', { name: 'Approve' }).click();
      const approving = ben.page.getByRole('dialog', { name: 'Approve' });
      const content = statement('mayor', 'At ten');
      await desk.on(development, 'correct', { content, wrong: 'The hour.', reason: 'Checked.' });
      await waiting(ben.page).waitFor({ state: 'detached' });
      await approving.getByRole('button', { name: 'Approve' }).click();
      await approving
        .getByRole('alert')
        .getByText(/proposal/)
        .waitFor();
      await ben.close();
    });

    test('no crafted address or draft makes an approver’s desk post to another route', async () => {
      const development = await desk.say('Her number is 17');
      await newsroom.seen(desk.position);
      await desk.on(development, 'propose-takedown', { ground: 'privacy', reason: 'She asked us to.' });
      const legal = await newsroom.as(['legal']);
      const open = async () =>
        (await legal.get(`/stories/${story}/proposals`)).body.proposals as { proposal: string }[];
      const [proposed] = await open();
      const { page, close } = await sitDown('lea', 'editor', 'legal');
      const posts: string[] = [];
      page.on('request', request => {
        const { pathname } = new URL(request.url());
        // Every open desk says that somebody is there.
        if (request.method() === 'POST' && !pathname.endsWith('/presence')) posts.push(pathname);
      });
      const [base, approve] = [newsroom.editors[0]!.url, `proposals/${proposed!.proposal}/approve?x=`];

      for (const crafted of [`${story}/${approve}`, `../stories/${story}/${approve}`, `${story}?`, `${story}/..`]) {
        const answer = await page.goto(`${base}/desk/${encodeURIComponent(crafted)}`);
        expect([crafted, answer!.status() >= 400 && answer!.status() < 500]).toEqual([crafted, true]);
        await page.keyboard.press('Control+Enter');
      }
      for (const home of ['/', '/desk/..', '/desk/%2e%2e']) {
        await page.goto(base + home);
        expect([home, page.url()]).toEqual([home, `${base}/desk`]);
      }
      expect(posts).toEqual([]);

      const sent = async (draft: object) => {
        // A desk that is left saves its draft, so leave it before the crafted one is stored.
        await page.goto(`${base}/desk`);
        await page.evaluate(
          ([story, text]) => {
            localStorage.setItem(`dateline.draft:${story}:crafted`, text!);
            sessionStorage.setItem(`dateline.open-draft:${story}`, 'crafted');
          },
          [
            story,
            JSON.stringify({
              ...{ id: 'crafted', story, value: { content: statement('mayor', 'x'), wrong: 'x', reason: 'x' } },
              ...{ changed: new Date().toISOString(), ...draft },
            }),
          ],
        );
        await page.goto(`${base}/desk/${story}`);
        await page.locator('.preview').getByRole('heading', { name: 'The Mayor' }).waitFor();
        const answered = page.waitForResponse(
          answer => answer.request().method() === 'POST' && !/[/](preview|presence)$/.test(answer.url()),
        );
        await page.keyboard.press('Control+Enter');
        const answer = await answered;
        expect([draft, answer.ok()]).toEqual([draft, false]);
        return new URL(answer.url()).pathname.split('/').slice(1);
      };
      const target = `../${approve}`;
      const encoded = encodeURIComponent;
      expect(await sent({ on: 'development', act: 'correct', target })).toEqual([
        'stories',
        story,
        'developments',
        encoded(target),
        'correct',
      ]);
      expect(await sent({ on: 'proposal', act: 'correct', target: approve })).toEqual([
        'stories',
        story,
        'proposals',
        encoded(approve),
        'correct',
      ]);
      expect(await sent({ on: 'story', act: approve })).toEqual(['stories', story, encoded(approve)]);
      expect(posts.filter(path => path.endsWith('/approve'))).toEqual([]);
      expect(await open()).toEqual([proposed]);
      await close();
    });
  });

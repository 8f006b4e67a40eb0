import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, openPage, screenshot, type How } from '../harness/browser.js';
import { row, sitDown as sitDownAt, write } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { loadStory } from '../stories/load.js';
import { opening, playPosts, registrations, type Request } from '../stories/player.js';

const pictures = process.env.SCREENS;

describeInBrowser('the desk', () => {
  const { story, ...files } = loadStory('test/stories/varn-election');
  let newsroom: TestNewsroom;
  let browser: Browser;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ desk: true });
    browser = await launch();
    const editor = await newsroom.as(['editor']);
    const send = async ({ path, body, key }: Request) => (await editor.post(path, body, { key })).body;
    await send(opening({ story, ...files }));
    for (const registration of registrations({ story, ...files })) await send(registration);
    await playPosts({ story, ...files }, send);
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const sitDown = (who: string, how: How = {}) => sitDownAt(browser, newsroom, story.id, who, how);

  test('posts by keyboard alone, and a reader’s open page shows it within a second', async () => {
    const reader = await openPage(browser, `${newsroom.reader!.url}/s/${story.id}`);
    const { page, faults, close } = await sitDown('ada');
    await reader.page.locator('#connection.is-live').waitFor();
    await write(page, 'Polling stations have closed');
    await page.locator('.preview').getByRole('heading', { name: 'Polling stations have closed' }).waitFor();
    await page.keyboard.press('Control+Enter');
    const sent = performance.now();
    await reader.page.getByRole('link', { name: '1 new update' }).waitFor();
    const seen = performance.now() - sent;
    await page.getByText(/It stands at \d+, and readers see it/).waitFor();
    await expect(row(page, 'Polling stations have closed').count()).resolves.toBe(1);
    console.log(`seen by a reader ${Math.round(seen)} ms after Ctrl+Enter`);
    expect(seen).toBeLessThan(1_000);
    expect([...faults, ...reader.faults]).toEqual([]);
    await close();
    await reader.close();
  });

  test('two desks conflict and both end well', async () => {
    const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
    await write(ada.page, 'Turnout is at a record');
    await write(ben.page, 'Turnout breaks the record');
    await ada.page.keyboard.press('Control+Enter');
    await row(ada.page, 'Turnout is at a record').waitFor();
    await ben.page.keyboard.press('Control+Enter');
    const conflict = ben.page.getByRole('region', { name: 'ada posted meanwhile' });
    await conflict.getByText('Turnout is at a record').waitFor();
    if (pictures) await screenshot(ben.page, `${pictures}/desk-conflict.png`, false);
    expect(await axeFindings(ben.page)).toEqual([]);
    await ben.page.getByRole('button', { name: 'Go on and post mine' }).click();
    for (const { page } of [ada, ben])
      for (const words of ['Turnout is at a record', 'Turnout breaks the record']) {
        await row(page, words).waitFor();
        expect(await row(page, words).count()).toBe(1);
      }
    await ada.close();
    await ben.close();
  });

  test('two corrections of one development are shown field by field, and go together', async () => {
    const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
    await write(ada.page, 'The count begins at nin');
    await ada.page.keyboard.press('Control+Enter');
    for (const { page } of [ada, ben]) {
      await row(page, 'The count begins at nin').click();
      await page.getByRole('button', { name: /^Correct/ }).click();
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('A word was cut.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Checked.');
    }
    await ada.page.getByRole('textbox', { name: 'Topic' }).fill('The count begins at nine');
    await ben.page.getByRole('textbox', { name: 'Summary' }).fill('In every district.');
    await ada.page.keyboard.press('Control+Enter');
    await row(ada.page, 'The count begins at nine').waitFor();
    await ben.page.keyboard.press('Control+Enter');
    const difference = ben.page.getByRole('table', { name: 'Here is the difference' });
    await difference.getByRole('row', { name: /Topic.*nin.*nine/ }).waitFor();
    await difference.getByRole('row', { name: /Summary.*In every district/ }).waitFor();
    if (pictures) await screenshot(ben.page, `${pictures}/desk-difference.png`, false);
    await ben.page.getByRole('button', { name: 'Go on and post mine' }).click();
    await row(ben.page, 'The count begins at nine: In every district.').waitFor();
    await ada.close();
    await ben.close();
  });

  test('keeps a draft while the newsroom is away, says so, and posts it once', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'The last bus has left');
    await page.context().setOffline(true);
    await page.keyboard.press('Control+Enter');
    await page.getByText(/offline\. Your draft is kept here/).waitFor();
    await page.context().setOffline(false);
    await page.reload();
    await page.getByRole('textbox', { name: 'Topic' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe('The last bus has left');
    await page.getByRole('textbox', { name: 'Topic' }).focus();
    await page.keyboard.press('Control+Enter');
    await row(page, 'The last bus has left').waitFor();
    expect(await row(page, 'The last bus has left').count()).toBe(1);
    await close();
  });

  test('says what is wrong at the field, and puts the cursor there', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, '');
    await page.keyboard.press('Control+Enter');
    const topic = page.getByRole('textbox', { name: 'Topic' });
    await page.locator('[id="draft-content-data-topic-error"]').waitFor();
    expect(await topic.evaluate(element => element === element.ownerDocument.activeElement)).toBe(true);
    expect(await topic.getAttribute('aria-invalid')).toBe('true');
    await close();
  });

  test('registers an actor without leaving the form', async () => {
    const { page, close } = await sitDown('ada');
    await page.keyboard.press('Alt+N');
    await page.keyboard.type('statement');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Speaker' }).focus();
    await page.keyboard.type('Ina Holm');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Register Ina Holm' });
    await dialog.getByRole('radio', { name: 'Person' }).check();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('button', { name: 'Remove Ina Holm' }).waitFor();
    expect((await (await newsroom.as(['editor'])).get('/actors')).text).toContain('"id":"ina-holm"');
    await close();
  });

  test('retracts with a reason and pins at once, and the list follows', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'A rumour goes round');
    await page.keyboard.press('Control+Enter');
    await row(page, 'A rumour goes round').waitFor();
    await page.keyboard.press('Alt+L');
    await page.keyboard.press('Home');
    await page.keyboard.press('p');
    await row(page, 'A rumour goes round').getByText('pinned').waitFor();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Retract' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Nobody confirms it.');
    await page.keyboard.press('Control+Enter');
    await row(page, 'A rumour goes round').getByText('retracted').waitFor();
    await close();
  });

  test('keeps the token to itself: it is in no address that a server sees, and gone from the bar', async () => {
    const { page, requests, close } = await sitDown('ada');
    expect(requests.filter(url => url.includes('token'))).toEqual([]);
    expect(page.url()).not.toContain('token');
    const origins = new Set(requests.map(url => new URL(url).origin));
    expect([...origins].sort()).toEqual([newsroom.editors[0]!.url, newsroom.reader!.url].sort());
    await close();
  });

  test('asks for a token where there is none, and takes a pasted one', async () => {
    const address = await newsroom.deskOf(story.id);
    const [url, token] = address.split('#token=') as [string, string];
    const { page, close } = await openPage(browser, url);
    await page.getByLabel('Token').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: story.title }).waitFor();
    await close();
  });

  test.each<[string, How]>([
    ['light', {}],
    ['dark', { theme: 'dark' }],
    ['on a phone', { width: 360 }],
  ])('has nothing for axe to find, and fits: %s', async (name, how) => {
    const { page, faults, close } = await sitDown('ada', { still: true, ...how });
    await page.getByRole('option').nth(2).click();
    await page.keyboard.press('Alt+N');
    await page.keyboard.type('statement');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Speaker' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const [wide, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ];
    expect(wide).toBeLessThanOrEqual(room);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(faults).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/desk-${name.replaceAll(' ', '-')}.png`, false);
    await close();
  });
});

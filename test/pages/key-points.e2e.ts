import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, openPage, screenshot } from '../harness/browser.js';
import { sitDown } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk, statement } from './posting.js';

/** Where to write pictures; none are taken without it. */
const folder = process.env.SCREENS;

describeInBrowser('the key points of a story', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let url: string;
  let ferry: string;
  let mayor: string;
  let rumour: string;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ desk: true });
    browser = await launch();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    await desk.open({ title: 'The harbour is closed' });
    ferry = await desk.say('The last ferry has left the harbour');
    mayor = await desk.say('The harbour stays closed until noon');
    rumour = await desk.say('A crane has fallen on the quay');
    await newsroom.seen(desk.position);
    url = `${newsroom.reader!.url}/s/harbour`;
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const live = (page: Page) => page.locator('.connection.is-live').waitFor();
  const point = (page: Page, words: string) => page.locator('#points ol > li', { hasText: words });
  const picture = async (page: Page, name: string, whole = false) =>
    folder && (await screenshot(page, join(folder, name), whole));
  const set = (...points: object[]) => desk.send('/stories/harbour/key-points', { points });

  test('an open page gets them, and strikes one as soon as what it rests on is retracted', async () => {
    const { page, faults, close } = await openPage(browser, url, { width: 390 });
    await live(page);
    expect(await page.locator('#points').isHidden()).toBe(true);
    await set(
      { text: 'No ferry runs before noon.', cites: [ferry, mayor] },
      { text: 'A crane has fallen; nobody is hurt.', cites: [rumour] },
    );
    await point(page, 'No ferry runs before noon.').waitFor();
    expect(await point(page, 'A crane').getAttribute('data-mark')).toBe('New');
    await page.evaluate(() => {
      const noted = window as unknown as { struckAt?: number };
      const look = () => document.querySelector('#points del') && (noted.struckAt ??= Date.now());
      new MutationObserver(look).observe(document.getElementById('points')!, { childList: true, subtree: true });
    });
    const sent = Date.now();
    await desk.on(rumour, 'retract', { reason: 'The crane stands.' });
    await page.locator('#points del', { hasText: 'A crane has fallen' }).waitFor();
    const took = (await page.evaluate(() => (window as unknown as { struckAt: number }).struckAt)) - sent;
    console.log(`struck ${took} ms after the retraction was sent`);
    expect(await point(page, 'A crane').textContent()).toMatch(/^Retracted .*\d\d:\d\d/);
    expect(await point(page, 'No ferry').locator('del').count()).toBe(0);
    await point(page, 'No ferry').getByRole('link', { name: 'last ferry' }).click();
    expect(await page.evaluate(() => document.activeElement!.id)).toBe(`d-${ferry}`);
    expect(await axeFindings(page)).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, 'reader-key-points-phone.png');
    expect(faults).toEqual([]);
    await close();
  });

  test('a reader who comes back sees which are new and which have changed', async () => {
    await newsroom.seen(desk.position);
    const { page, faults, close } = await openPage(browser, url, { width: 1180 });
    await live(page);
    const marks = () =>
      page.locator('#points ol > li').evaluateAll(all => all.map(li => (li as HTMLElement).dataset.mark));
    expect(await marks()).toEqual(['', '']);
    await page.goto('about:blank');
    const { body } = await newsroom.readers.get('/stories/harbour');
    const [first] = (body.keyPoints as { text: string }[]).map(({ text }) => text);
    await set({ point: first, text: 'No ferry runs today.' }, { text: 'The crane stands.', cites: [mayor] });
    await newsroom.seen(desk.position);
    await page.goto(url);
    await live(page);
    expect(await marks()).toEqual(['Changed', 'New']);
    const changed = page.locator('#since').getByRole('button', { name: '2 key points changed' });
    await changed.click();
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('points');
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'reader-key-points-light.png');
    await page.goto(`${url}/history?clock=known&step=4`);
    await page.locator('#history .points').waitFor();
    expect(await page.locator('.differences li').allTextContents()).toEqual(
      expect.arrayContaining([
        'Changed since What we know: No ferry runs today.',
        'Added since What we know: The crane stands.',
        'Dropped since What we know: A crane has fallen; nobody is hurt.',
      ]),
    );
    const then = page.locator('#history .points ol > li');
    expect(await then.evaluateAll(all => all.map(li => (li as HTMLElement).dataset.mark))).toEqual([
      'Changed since',
      'Dropped since',
    ]);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'history-key-points-light.png');
    expect(faults).toEqual([]);
    await close();
  });

  test('an editor writes, orders and rewrites them at the desk, which says what is to do', async () => {
    const content = statement('mayor', 'The harbour stays closed until one');
    await desk.on(mayor, 'correct', { content, wrong: 'The hour.', reason: 'Misheard.' });
    await desk.on(ferry, 'retract', { reason: 'It was not the last one.' });
    await newsroom.seen(desk.position);
    const { page, faults, close } = await sitDown(browser, newsroom, 'harbour', 'ida');
    const notice = page.locator('.meanwhile', { hasText: 'What we know: 1 to rewrite, 1 to check' });
    await notice.getByRole('button', { name: 'See the points' }).click();
    const dialog = page.getByRole('dialog', { name: 'What we know' });
    await dialog.getByText('Readers see it struck.').waitFor();
    await picture(page, 'desk-key-points-light.png');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Point 1' }).fill('The harbour is closed until one.');
    await dialog.getByRole('button', { name: /^Point 1: rests no longer on .*last ferry/ }).click();
    await dialog.getByRole('checkbox', { name: 'It still holds as it is' }).check();
    await dialog.getByRole('button', { name: 'Point 1: down' }).click();
    await dialog.getByRole('button', { name: 'Add a point' }).click();
    await dialog.getByRole('textbox', { name: 'Point 3' }).fill('A point without a ground.');
    // Another dialog would take its place, with all that is not saved.
    await page.keyboard.press('Control+k');
    expect(await dialog.getByRole('textbox', { name: 'Point 3' }).inputValue()).toBe('A point without a ground.');
    await page.keyboard.press('Control+Enter');
    await dialog.getByText('Choose at least one update that it rests on.').waitFor();
    await dialog.getByRole('combobox', { name: 'Point 3: rests on' }).selectOption(mayor);
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    await notice.waitFor({ state: 'detached' });
    const editor = await newsroom.as(['editor']);
    await newsroom.seen((await editor.get('/stories/harbour')).body.position);
    const { body } = await newsroom.readers.get('/stories/harbour');
    expect(body.keyPoints).toMatchObject([
      { words: 'The crane stands.', struck: null },
      { words: 'The harbour is closed until one.', cites: [{ development: mayor }], struck: null },
      { words: 'A point without a ground.', cites: [{ development: mayor }], struck: null },
    ]);
    expect(faults).toEqual([]);
    await close();
  });
});

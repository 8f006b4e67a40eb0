import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, openPage } from '../harness/browser.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk, statement } from './posting.js';

describeInBrowser('a reader who comes back', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let url: string;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open();
    browser = await launch();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    await desk.open();
    url = `${newsroom.reader!.url}/s/harbour`;
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const live = (page: Page) => page.locator('.connection.is-live').waitFor();
  const since = (page: Page) => page.locator('#since');

  test('sees what is new, corrected and retracted since, each one click away', async () => {
    const first = await desk.say('First words');
    const second = await desk.say('Second words');
    await newsroom.seen(desk.position);
    const { page, faults, close } = await openPage(browser, url, { width: 360 });
    await live(page);
    expect(await since(page).textContent()).toBe('');
    await page.goto('about:blank');
    const content = statement('mayor', 'First words, checked');
    await desk.on(first, 'correct', { content, wrong: 'A word.', reason: 'Checked.' });
    await desk.on(second, 'retract', { reason: 'It was somebody else.' });
    const third = await desk.say('Third words');
    const fourth = await desk.say('Fourth words');
    await newsroom.seen(desk.position);
    await page.goto(url);
    await since(page).getByRole('button').first().waitFor();
    expect(await since(page).textContent()).toMatch(/^Since .*\d\d:\d\d.*: 2 new 1 corrected 1 retracted$/);
    const focused = () => page.evaluate(() => document.activeElement!.id);
    for (const [button, ids] of [
      ['2 new', [third, fourth, third]],
      ['1 corrected', [first]],
      ['1 retracted', [second]],
    ] as const)
      for (const id of ids) {
        await since(page).getByRole('button', { name: button }).click();
        expect(await focused()).toBe(`d-${id}`);
        const box = (await page.locator(`#d-${id}`).boundingBox())!;
        expect(box.y).toBeLessThan(780);
      }
    expect(await axeFindings(page)).toEqual([]);
    await page.goto('about:blank');
    await page.goto(url);
    await live(page);
    expect(await since(page).textContent()).toBe('');
    expect(faults).toEqual([]);
    await close();
  });

  test('is told nothing where the browser stores nothing, and reads as usual', async () => {
    const { page, faults, close } = await openPage(browser, 'about:blank');
    await page.addInitScript(() =>
      Object.defineProperty(globalThis, 'localStorage', {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    );
    await page.goto(url);
    await live(page);
    await page.goto('about:blank');
    await desk.say('Fifth words');
    await newsroom.seen(desk.position);
    await page.goto(url);
    await live(page);
    expect(await since(page).textContent()).toBe('');
    await page.locator('#timeline', { hasText: 'Fifth words' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

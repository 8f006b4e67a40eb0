import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launch, openPage } from '../harness/browser.js';
import { Line } from '../harness/line.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk } from './posting.js';

describeInBrowser('a reader’s page that missed more than LIVE_BACKLOG changes', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ env: { LIVE_BACKLOG: '2' } });
    browser = await launch();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    await desk.open();
    await desk.say('Before');
    await newsroom.seen(desk.position);
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  test('the page updates its list without a reload, and follows the story again', async () => {
    const line = await Line.to(newsroom.reader!.url);
    const { page, faults, close } = await openPage(browser, `${line.url}/s/harbour`);
    try {
      await page.locator('#connection.is-live').waitFor();
      await page.evaluate(() => ((window as unknown as { same: boolean }).same = true));
      await line.cut();
      await page.locator('#connection.is-reconnecting').waitFor();
      const missed = ['One', 'Two', 'Three', 'Four'];
      for (const words of missed) await desk.say(words);
      await newsroom.seen(desk.position);
      await line.mend();
      await page.locator('#timeline', { hasText: 'Four' }).waitFor();
      const quotes = page.locator('#timeline blockquote p');
      expect(await quotes.allTextContents()).toEqual(['Four', 'Three', 'Two', 'One', 'Before']);
      expect(await page.evaluate(() => (window as unknown as { same: boolean }).same)).toBe(true);
      faults.length = 0;
      await page.locator('#connection.is-live').waitFor();
      await desk.say('After');
      await page.getByRole('link', { name: '1 new update' }).click();
      expect(await quotes.allTextContents()).toEqual(['After', 'Four', 'Three', 'Two', 'One', 'Before']);
      expect(faults).toEqual([]);
    } finally {
      await close();
      await line.cut();
    }
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launch, openPage, type How, type Opened } from '../harness/browser.js';
import { Line } from '../harness/line.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk, statement } from './posting.js';

describeInBrowser('a reader’s page that is open', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  const opened: Opened[] = [];

  beforeAll(async () => {
    newsroom = await TestNewsroom.open();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });
  beforeEach(async () => {
    desk = new Desk(await newsroom.as(['editor']), `story-${randomUUID().slice(0, 8)}`);
    await desk.open();
  });
  afterEach(async () => {
    for (const { faults, close } of opened.splice(0)) {
      await close();
      expect(faults).toEqual([]);
    }
  });

  /** The page once it follows the story. */
  async function follow(path = '', how: How = {}, base = newsroom.reader!.url): Promise<Page> {
    const page = await openPage(browser, `${base}/s/${desk.story}${path}`, how);
    opened.push(page);
    await page.page.locator('.connection.is-live').waitFor();
    return page.page;
  }

  const headings = (page: Page) => page.locator('#timeline .entry').locator('h3, blockquote p').allTextContents();
  const shown = async (page: Page) => (await headings(page)).filter(text => text !== 'The Mayor');
  /** Posts, and waits until readers have it. */
  const settled = async (act: () => Promise<unknown>) => {
    await act();
    await newsroom.seen(desk.position);
  };

  test('is offered what is posted within a second, and shows it when asked', async () => {
    await settled(() => desk.say('First words'));
    const page = await follow();
    await page.evaluate(() => {
      const offer = document.getElementById('offer')!;
      const noted = window as unknown as { offeredAt?: number };
      new MutationObserver(() => (noted.offeredAt ??= Date.now())).observe(offer, { attributes: true });
    });
    const took: number[] = [];
    const posted = Date.now();
    await desk.say('Second words');
    const answered = Date.now();
    await page.locator('#offer', { hasText: '1 new update' }).waitFor();
    took.push((await page.evaluate(() => (window as unknown as { offeredAt: number }).offeredAt)) - posted);
    console.log(`offered ${took[0]} ms after the post was sent, ${took[0]! - (answered - posted)} ms after its answer`);
    expect(took[0]).toBeLessThan(1_000);
    expect(await shown(page)).toEqual(['First words']);

    await desk.say('Third words');
    await page.locator('#offer', { hasText: '2 new updates' }).waitFor();
    await page.locator('#offer').click();
    expect(await shown(page)).toEqual(['Third words', 'Second words', 'First words']);
    expect(await page.locator('#offer').isHidden()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Third words');
  });

  test('shows a correction in place: what it says now, what was wrong and why', async () => {
    const development = await desk.say('We will rebuild');
    await settled(() => desk.say('Another matter'));
    const page = await follow();
    const content = statement('mayor', 'We will rebuild together');
    await desk.on(development, 'correct', { content, wrong: 'A word was missing.', reason: 'Checked with the tape.' });
    const entry = page.locator(`#d-${development}`);
    await entry.locator('.correction', { hasText: 'A word was missing.' }).waitFor();
    expect(await entry.textContent()).toContain('Checked with the tape.');
    expect(await shown(page)).toEqual(['Another matter', 'We will rebuild together']);
    expect(await page.locator('#told').textContent()).toContain('Corrected: The Mayor: “We will rebuild together”');
    expect(await page.locator('#last').textContent()).toContain('Corrected');
    expect(await page.locator('#offer').isHidden()).toBe(true);
  });

  test('shows a retraction in place as a tombstone, without what was said', async () => {
    const development = await desk.say('It never happened', { body: 'Nothing of it.' });
    await desk.on(development, 'mark-key');
    await settled(() => desk.on(development, 'pin'));
    const page = await follow();
    expect(await page.locator('#pinned').isVisible()).toBe(true);
    await desk.on(development, 'retract', { reason: 'It was somebody else.' });
    const entry = page.locator(`#d-${development}`);
    await entry.locator('.tombstone', { hasText: 'It was somebody else.' }).waitFor();
    expect(await entry.textContent()).not.toContain('Nothing of it.');
    expect(await page.locator('#pinned').isHidden()).toBe(true);
    expect(await page.locator('#keys a').count()).toBe(0);
  });

  test('shows what is pinned, what is key, and what became of a condition', async () => {
    const conditions = [{ id: 'rain', text: 'it rains' }];
    const development = await desk.say('We stay in', { modality: { mode: 'conditional', conditions } });
    await settled(() => desk.say('Another matter'));
    const page = await follow();
    await desk.on(development, 'pin');
    await page.locator('#pinned blockquote').waitFor();
    await desk.on(development, 'mark-key');
    await page.locator('#keys a', { hasText: 'We stay in' }).waitFor();
    expect(await page.locator(`#d-${development} .fate`).textContent()).toBe('still open');
    await desk.send(`/stories/${desk.story}/conditions/rain/settle`, { fate: 'met', reason: 'It pours.' });
    await page.locator(`#d-${development} .fate.is-met`).waitFor();
    expect(await page.locator('.conditions .fate').textContent()).toBe('this came about');
    await page.locator('#keys a', { hasText: 'If it rains (this came about)' }).waitFor();
    await desk.send(`/stories/${desk.story}/close`, {});
    await page.locator('#status', { hasText: 'Closed' }).waitFor();
  });

  test('offers only what its filter lets through, and adds at the end in the story’s order', async () => {
    await desk.send('/actors', { id: 'harbour', name: 'Harbour office', kind: 'organisation' });
    await settled(() => desk.say('First words'));
    const page = await follow('?actor=mayor&order=story');
    await desk.record(statement('harbour', 'Not for this page'));
    await desk.say('Second words');
    await page.locator('#offer', { hasText: '1 new update' }).waitFor();
    await page.locator('#offer').click();
    expect(await shown(page)).toEqual(['First words', 'Second words']);
  });

  test('whose connection drops says so, resumes, and shows everything once', async () => {
    await settled(() => desk.say('Before'));
    const line = await Line.to(newsroom.reader!.url);
    try {
      const page = await follow('', {}, line.url);
      await desk.say('While it holds');
      await page.locator('#offer', { hasText: '1 new update' }).waitFor();
      await line.cut();
      await page.locator('.connection.is-reconnecting').waitFor();
      const corrected = await desk.say('While it is cut');
      await desk.on(corrected, 'correct', {
        content: statement('mayor', 'While it was cut'),
        wrong: 'The tense.',
        reason: 'Grammar.',
      });
      await line.mend();
      await page.locator('.connection.is-live').waitFor();
      await desk.say('After');
      await page.locator('#offer', { hasText: '3 new updates' }).waitFor();
      await page.locator('#offer').click();
      expect(await shown(page)).toEqual(['After', 'While it was cut', 'While it holds', 'Before']);
    } finally {
      opened.at(-1)!.faults.length = 0;
      await opened.at(-1)!.page.close();
      await line.cut();
    }
  });
});

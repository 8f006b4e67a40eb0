import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launch, openPage, type How } from '../harness/browser.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk, statement } from './posting.js';

describeInBrowser('the time machine', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let corrected: string;
  let retracted: string;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    // Readers see each step before the next one, so that it is a separate moment by every clock.
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      const done = await act();
      await newsroom.seen(desk.position);
      return done;
    };
    await step(() => desk.open());
    corrected = await step(() => desk.say('We will rebuild', { occurred: at('10:00') }));
    retracted = await step(() => desk.say('It never happened', { occurred: at('09:00') }));
    await step(() =>
      desk.on(corrected, 'correct', {
        content: statement('mayor', 'We will rebuild together', { occurred: at('10:00') }),
        wrong: 'A word was missing.',
        reason: 'Checked with the tape.',
      }),
    );
    await step(() => desk.on(retracted, 'retract', { reason: 'It was somebody else.' }));
    await step(() => desk.say('Last words'));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const at = (clock: string) => ({ from: `2026-03-01T${clock}:00+00:00`, precision: 'minute' });

  async function on<T>(query: string, how: How, look: (page: Page) => Promise<T>): Promise<T> {
    const { page, faults, close } = await openPage(browser, `${newsroom.reader!.url}/s/harbour/history${query}`, how);
    try {
      const seen = await look(page);
      expect(faults).toEqual([]);
      return seen;
    } finally {
      await close();
    }
  }

  const quotes = (page: Page) => page.locator('#history blockquote p').allTextContents();
  const marks = (page: Page) => page.locator('.timeline > .is-differing > .mark').allTextContents();
  const differences = async (page: Page) =>
    (await page.locator('.differences li').allTextContents()).map(text => text.replace(/\s+/g, ' ').trim());

  test.each(['visible', 'known'])(
    'by the clock “%s”, keys move the slider, and the page shows the past state and what changed since',
    clock =>
      on(`?clock=${clock}`, {}, async page => {
        expect(await quotes(page)).toEqual(['Last words', 'We will rebuild together']);
        expect(await differences(page)).toEqual([]);
        await page.locator('#step').focus();
        for (let pressed = 0; pressed < 3; pressed += 1) await page.keyboard.press('ArrowLeft');
        await page.locator('#history blockquote', { hasText: 'It never happened' }).waitFor();
        expect(await quotes(page)).toEqual(['It never happened', 'We will rebuild']);
        expect(await marks(page)).toEqual(['Retracted since', 'Corrected since']);
        expect(await differences(page)).toEqual([
          'Added since The Mayor: “Last words”',
          'Retracted since The Mayor: “It never happened”',
          'Corrected since The Mayor: “We will rebuild together”',
        ]);
        expect(await page.locator('.states .mark').first().textContent()).toBe('Changed since');
        expect(await page.locator('#step').getAttribute('aria-valuetext')).toBe(
          await page.locator('#moment').textContent(),
        );
        await page.reload();
        expect(await quotes(page)).toEqual(['It never happened', 'We will rebuild']);
      }),
  );

  test('by the clock “happened”, the page shows what had begun by then, as it is known now', () =>
    on('?clock=happened', {}, async page => {
      await page.getByRole('link', { name: 'Earlier' }).click();
      await page.locator('.tombstone').waitFor();
      expect(await quotes(page)).toEqual([]);
      expect(await page.locator('.timeline .entry').count()).toBe(1);
    }));

  test('the page works without JavaScript, by its slider and by a typed time', () =>
    on('?clock=known&step=2', { javaScript: false }, async page => {
      expect(await quotes(page)).toEqual(['It never happened', 'We will rebuild']);
      await page.locator('#step').focus();
      await page.keyboard.press('ArrowLeft');
      await page.locator('.slider button').click();
      expect(await quotes(page)).toEqual(['We will rebuild']);
      await page.locator('.machine .moment summary').click();
      await page.fill('[name=at]', '2020-01-01T00:00:00');
      await page.locator('.moment button').click();
      expect(await page.locator('#history .notice').textContent()).toBe('Nothing existed yet at that time.');
    }));

  test('two moments can be compared', async () => {
    const { body } = await newsroom.readers.get(`/stories/harbour/timeline/${corrected}`);
    const before = new Date(Date.parse(body.entry.corrections[0].recorded) - 1).toISOString();
    const { recorded } = body.entry.corrections[0];
    await on(`?clock=known&at=${before}&with=${recorded}`, {}, async page =>
      expect(await differences(page)).toEqual(['Corrected since The Mayor: “We will rebuild together”']),
    );
    await on(`?clock=known&at=${recorded}&with=${before}`, {}, async page =>
      expect(await page.locator('.timeline > .is-differing').count()).toBe(1),
    );
  });

  test('a long story has several pages, and shows how many updates it had at that time', async () => {
    const long = new Desk(await newsroom.as(['editor']), 'long');
    await long.open();
    for (let n = 1; n <= 60; n++) await long.say(`No. ${n}`);
    await long.record(statement('mayor', 'Not yet'), { embargo: {} });
    await newsroom.seen(long.position);
    const { page, faults, close } = await openPage(
      browser,
      `${newsroom.reader!.url}/s/long/history?clock=known&step=59`,
    );
    await page.getByRole('heading', { name: '59 updates' }).waitFor();
    // A commit that readers never see adds no step.
    expect(await page.locator('#step-of').textContent()).toBe('Step 60 of 61');
    expect((await quotes(page)).slice(0, 2)).toEqual(['No. 59', 'No. 58']);
    expect(await page.locator('.timeline .entry').count()).toBe(30);
    expect(await differences(page)).toEqual(['Added since The Mayor: “No. 60”']);
    await page.getByRole('link', { name: 'Older updates' }).click();
    await page.locator('#history blockquote', { hasText: 'No. 29' }).waitFor();
    expect(await page.locator('.timeline .entry').count()).toBe(29);
    await page.getByRole('link', { name: 'Back to the newest' }).click();
    await page.locator('#history blockquote', { hasText: 'No. 59' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

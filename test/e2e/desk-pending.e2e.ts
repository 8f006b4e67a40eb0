import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launch } from '../harness/browser.js';
import { row, sitDown, write } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk } from '../pages/posting.js';

const story = 'harbour';

describeInBrowser('what the log has not settled in time', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ desk: true });
    await new Desk(await newsroom.as(['editor']), story).open();
    await newsroom.startEditors(1, { SETTLE_TIMEOUT_MS: '1' });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  /** Keeps the process busy, so that a millisecond is over before the log is read back. */
  async function others(): Promise<void> {
    const editor = await newsroom.as(['editor'], 1);
    const open = (id: string) => editor.post('/stories', { id, title: id, zone: 'UTC' }, { key: id });
    await Promise.all(Array.from({ length: 100 }, (_, number) => open(`other-${Date.now()}-${number}`)));
  }

  test('is said to be on its way, followed to its end, and stands once', async () => {
    const { page, close } = await sitDown(browser, newsroom, story, 'ada', { editor: 1 });
    const answers: number[] = [];
    page.on('response', response => {
      if (response.request().method() === 'POST' && response.url().endsWith('/developments'))
        answers.push(response.status());
    });
    const topics: string[] = [];
    // Where the desk hears of the commit before it has its answer, it says at once that it stands.
    for (let said = false; !said;) {
      expect(topics.length).toBeLessThan(15);
      const topic = `Boat ${topics.length + 1} comes in`;
      topics.push(topic);
      await write(page, topic);
      const told = page
        .getByText('On its way: the log has not settled it yet')
        .waitFor({ timeout: 5_000 })
        .then(
          () => true,
          () => false,
        );
      const busy = others();
      await page.keyboard.press('Control+Enter');
      await row(page, topic).waitFor();
      await busy;
      said = await told;
    }
    expect(answers).toContain(202);
    console.log(`${topics.length} posts until one was said to be on its way`);
    await page.getByText(/It stands at \d+, and readers see it/).waitFor();
    for (const topic of topics) expect(await row(page, topic).count()).toBe(1);
    expect(await page.getByRole('heading', { name: 'New development' }).count()).toBe(1);
    await close();
  });
});

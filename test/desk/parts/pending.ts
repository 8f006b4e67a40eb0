import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { published, row, sitDown, write } from '../../harness/desk-page.js';
import { KafkaLine } from '../../harness/kafka-line.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import type { DeskNewsroom } from './shared.js';
import { Desk } from '../../pages/posting.js';

const story = 'boats';
const topic = 'The boat comes in';

/** The tests of a post that the log does not settle in time, in a newsroom that they share with other parts. */
export const deskPending = (shared: DeskNewsroom): void =>
  describe('a post that the log does not settle in time', () => {
    let newsroom: TestNewsroom;
    let line: KafkaLine;
    let browser: Browser;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      await new Desk(await newsroom.as(['editor']), story).open();
      line = await KafkaLine.to(newsroom.env.KAFKA_BROKERS!);
      await newsroom.startEditors(1, { SETTLE_TIMEOUT_MS: '5000', KAFKA_BROKERS: line.brokers });
    });
    afterAll(async () => {
      await newsroom.editors.pop()?.signal('SIGTERM');
      await line?.close();
    });

    test('the desk shows it as pending, follows it until it is settled, and posts it once', async () => {
      const { page, close } = await sitDown(browser, newsroom, story, 'ada', { editor: 1 });
      const posts: number[] = [];
      page.on('response', response => {
        const posted = response.request().method() === 'POST' && response.url().endsWith('/developments');
        if (posted) posts.push(response.status());
      });
      const outcome = (status: string) =>
        page.waitForResponse(
          async response => response.url().includes('/commands/') && (await response.json()).status === status,
        );
      await write(page, topic);
      // The editor-api writes to the log, but cannot read its own record there.
      line.hold();
      const pending = outcome('pending');
      await page.keyboard.press('Control+Enter');
      const onItsWay = page.getByText('Sent. Waiting for the newsroom to confirm it');
      await onItsWay.waitFor();
      expect(posts).toEqual([202]);
      await pending;
      expect(await onItsWay.isVisible()).toBe(true);
      // What is sent can no longer be discarded.
      expect(await page.getByRole('button', { name: 'Discard' }).count()).toBe(0);
      const won = outcome('won');
      line.release();
      await won;
      await page.getByText(published).waitFor();
      expect(await row(page, topic).count()).toBe(1);
      expect(await page.getByRole('heading', { name: 'New post' }).count()).toBe(1);
      const { body } = await newsroom.readers.get(`/stories/${story}/timeline`);
      expect(body.entries).toHaveLength(1);
      await close();
    });
  });

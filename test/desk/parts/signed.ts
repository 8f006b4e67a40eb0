import { beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { recordsOf } from '../../harness/appending.js';
import { audit, lastLine } from '../../harness/audit.js';
import { pick, sitDown as sitDownAt } from '../../harness/desk-page.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { Desk } from '../../pages/posting.js';
import { typeUpdate } from '../typing.js';
import type { DeskNewsroom } from './shared.js';

const story = 'a-signed-day';

/** What the browser keeps of the key; undefined if nothing. Runs in the page. */
const keptKey = (page: Page) =>
  page.evaluate(async () => {
    const answered = (request: IDBRequest): Promise<unknown> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const open = (await answered(indexedDB.open('dateline'))) as IDBDatabase;
    if (!open.objectStoreNames.contains('keys')) return undefined;
    const kept = (await answered(open.transaction('keys').objectStore('keys').get('author'))) as
      { by: string; pair: CryptoKeyPair } | undefined;
    open.close();
    return kept && { by: kept.by, type: kept.pair.privateKey.type, readable: kept.pair.privateKey.extractable };
  });

/** The tests of signatures at the desk, in a newsroom that they share with other parts. */
export const deskSigned = (shared: DeskNewsroom): void =>
  describe('signing at the desk', () => {
    let newsroom: TestNewsroom;
    let browser: Browser;
    let opened: number;

    beforeAll(async () => {
      ({ newsroom, browser } = shared);
      const desk = new Desk(await newsroom.as(['editor']), story);
      await desk.open({ title: 'A signed day' });
      opened = desk.position;
    });

    test('a post is signed with a key that no script can read, verify says so, and signing out ends the key', async () => {
      const { page, faults, close } = await sitDownAt(browser, newsroom, story, 'ada', { still: true });
      await typeUpdate(page, 'The harbour is closed.');
      expect(await keptKey(page)).toEqual({ by: 'ada', type: 'private', readable: false });

      const { headers, value } = (await recordsOf(newsroom)).findLast(
        ({ headers }) => headers.ce_subject === `story:${story}`,
      )!;
      const { signed } = JSON.parse(Buffer.from(value).toString());
      const payload = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString());
      expect(payload(signed.certificate)).toMatchObject({ sub: 'ada', roles: ['editor'], log: headers.ce_source });
      expect(payload(signed.command)).toMatchObject({
        by: 'ada',
        command: headers.ce_command,
        stream: `story:${story}`,
      });
      // The opening came by the API, without a signature: verify begins with the post.
      const { body } = await newsroom.readAt(`/stories/${story}/timeline`, opened + 1);
      const ran = await audit(newsroom, 'verify', '--json', '--signed-from', String(body.position)).ended;
      const strict = lastLine(ran);
      if (strict.faults > 0) throw new Error(`verify found faults:\n${ran.out}\n${ran.err}`);
      expect(strict.signatures.signed).toBeGreaterThan(0);

      await page.goto(`${newsroom.editors[0]!.url}/desk`);
      await page.getByRole('button', { name: /^Sign out/ }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await keptKey(page)).toBeUndefined();
      expect(faults).toEqual([]);
      await close();
    });

    test('a key whose certificate comes after signing out is not kept', async () => {
      const { page, close } = await sitDownAt(browser, newsroom, story, 'ada', { still: true });
      let answer = () => {};
      const isSignedOut = new Promise<void>(resolve => (answer = resolve));
      await page.route(/[/]certificates[?]/, async route => {
        const response = await route.fetch();
        await isSignedOut;
        await route.fulfill({ response });
      });
      const asked = page.waitForRequest(/[/]certificates[?]/);
      await page.locator('#draft-content-body').fill('The harbour is open.');
      await page.keyboard.press('Control+Enter');
      await asked;
      page.on('dialog', question => void question.accept());
      await pick(page, 'sign out');
      await page.getByLabel('Token').waitFor();
      answer();
      // The key would be stored as soon as the page has read the certificate.
      for (let looked = 0; looked < 20; looked++) {
        expect(await keptKey(page)).toBeUndefined();
        await pause(100);
      }
      await close();
    });
  });

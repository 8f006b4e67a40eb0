import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { axeFindings, describeInBrowser, launch, openPage } from '../harness/browser.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk } from './posting.js';

describeInBrowser('a story’s export', () => {
  test('opens from a folder, without a server: nothing is loaded, and it is accessible in light and dark', async () => {
    const newsroom = await TestNewsroom.open();
    const browser = await launch();
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    try {
      const desk = new Desk(await newsroom.as(['editor']), 'harbour');
      await desk.open({ summary: 'No ship has left.' });
      const wrong = await desk.say('Nobody works');
      await desk.say('The port is shut');
      await desk.on(wrong, 'retract', { reason: 'Nobody said so.' });
      await newsroom.seen(desk.position);
      const answer = await fetch(`${newsroom.reader!.url}/s/harbour/export`);
      const file = join(folder, 'harbour.html');
      await writeFile(file, await answer.text());
      for (const how of [{}, { theme: 'dark' }, { width: 390, height: 844 }] as const) {
        const { page, faults, requests, close } = await openPage(browser, pathToFileURL(file).href, how);
        await page.getByRole('heading', { name: 'The harbour' }).waitFor();
        await page.locator('.entry', { hasText: 'The port is shut' }).waitFor();
        await page.locator('.entry', { hasText: 'Nobody said so.' }).waitFor();
        expect(await page.evaluate(async () => (await document.fonts.load('600 20px "Dateline Serif"')).length)).toBe(
          1,
        );
        expect(requests.filter(url => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
        expect(await axeFindings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(faults).toEqual([]);
        await close();
      }
    } finally {
      await browser.close();
      await newsroom.close();
      await rm(folder, { recursive: true });
    }
  });
});

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, openPage, type How } from '../harness/browser.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { codeFor, fragmentOf, hostPages } from './host-pages.js';
import { Desk, statement } from './posting.js';

describeInBrowser('a page of another site', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let hosts: Awaited<ReturnType<typeof hostPages>>;
  let quoted: string;
  let reader: string;

  const paths = () => ['/s/harbour', `/s/harbour/d/${quoted}`, '/s/harbour/actors/mayor'];
  const codes = async () => (await Promise.all(paths().map(path => codeFor(reader, path)))).join('\n');

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ env: { BRAND_NAME: 'The Harbour Post' } });
    reader = newsroom.reader!.url;
    browser = await launch();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    await desk.open();
    quoted = await desk.say('The port is shut');
    await desk.say('Another word');
    await newsroom.seen(desk.position);
    hosts = await hostPages(reader);
  });
  // Each test may show something else.
  beforeEach(async () => hosts.show(await codes()));
  afterAll(async () => {
    await browser?.close();
    hosts?.close();
    await newsroom?.close();
  });

  async function on(name: string, how: How, look: (page: Page, requests: string[]) => Promise<void>): Promise<void> {
    const { page, faults, requests, close } = await openPage(browser, hosts.url(name), how);
    try {
      await look(page, requests);
      expect(faults).toEqual([]);
    } finally {
      await close();
    }
  }
  const shown = async (page: Page) => {
    await page.locator('dateline-story .title').waitFor();
    await page.locator('dateline-state .title').waitFor();
    await page.locator('dateline-update', { hasText: 'The port is shut' }).locator('.entry').waitFor();
  };

  /** How the parts look: what a page's own rules could change. */
  const looks = (page: Page) =>
    page.evaluate(() => {
      const names = ['dateline-story', 'dateline-update', 'dateline-state'];
      const parts = ['.dateline', '.title', 'a', '.entry h2', 'blockquote p', '.kicker', '.from p', '.cell .says'];
      const fields = ['color', 'fontSize', 'fontFamily', 'fontStyle', 'textTransform', 'letterSpacing', 'display'];
      const more = ['textAlign', 'lineHeight', 'wordSpacing', 'paddingLeft', 'backgroundColor'];
      return names.flatMap(name => {
        const root = document.querySelector(name)!.shadowRoot!;
        return parts.flatMap(part => {
          const found = root.querySelector(part);
          const style = found && (getComputedStyle(found) as unknown as Record<string, string>);
          return style ? [[name, part, ...[...fields, ...more].map(field => style[field])].join(' ')] : [];
        });
      });
    });

  test('shows a story, an update and a state in a plain, a strict and a loud page, and looks the same in each', async () => {
    const found: string[][] = [];
    for (const name of hosts.names)
      await on(name, {}, async (page, requests) => {
        await shown(page);
        found.push(await looks(page));
        const origins = new Set(requests.filter(url => !url.startsWith('data:')).map(url => new URL(url).origin));
        expect([...origins].sort()).toEqual([new URL(hosts.url(name)).origin, reader].sort());
      });
    const [plain, strict, loud] = found;
    expect(plain!.length).toBeGreaterThan(12);
    expect(strict).toEqual(plain);
    expect(loud).toEqual(plain);
  });

  test.each([
    ['on a wide screen', {}],
    ['on a phone', { width: 390, height: 844 }],
  ])('is accessible %s', (_, how) =>
    on('plain', { ...how, still: true }, async page => {
      await shown(page);
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }),
  );

  test('a dark page says so, and a page’s tokens are the only thing that changes what is inside', async () => {
    const code = (await codes()).replaceAll(' src="http', ' theme="dark" src="http');
    hosts.show(
      `<style>body { background: #14161a; color: #eee } dateline-update { --dateline-accent: #6fd19b }</style>${code}`,
    );
    await on('plain', { still: true }, async page => {
      await shown(page);
      const of = (name: string) =>
        page.locator(`${name} .dateline`).evaluate(element => {
          const style = getComputedStyle(element);
          return [style.backgroundColor, style.getPropertyValue('--accent')];
        });
      expect(await of('dateline-update')).toEqual(['rgb(27, 30, 35)', '#6fd19b']);
      expect(await of('dateline-story')).toEqual(['rgb(27, 30, 35)', '#ff8a80']);
      expect(await axeFindings(page)).toEqual([]);
    });
  });

  test('an included fragment is complete without JavaScript', async () => {
    hosts.show((await Promise.all(paths().map(path => fragmentOf(reader, path)))).join('\n'));
    await on('plain', { javaScript: false }, async page => {
      await page.locator('dateline-update', { hasText: 'The port is shut' }).locator('.entry').waitFor();
      await page.locator('dateline-story .timeline').waitFor();
      await page.locator('dateline-state .cell').first().waitFor();
    });
  });

  test('without JavaScript the code that a site keeps is a link, with none of the words', () =>
    on('plain', { javaScript: false }, async page => {
      expect(await page.locator('dateline-update a').textContent()).toBe('An update of The harbour');
      expect(await page.locator('body').textContent()).not.toContain('The port is shut');
    }));

  test('a quoted update becomes “Corrected”, then “Retracted”, where it is quoted, by one stream for all of a story', async () => {
    const update = await desk.say('Nobody may leave');
    await newsroom.seen(desk.position);
    const path = `/s/harbour/d/${update}`;
    const script = '<script type="module" src="' + reader + '/embed.js"></script>';
    // One is included by the server, one is filled by the script.
    hosts.show(
      `${await codeFor(reader, path)}${await fragmentOf(reader, path)}${await codeFor(reader, '/s/harbour')}${script}`,
    );
    // The strict page would refuse the included fragment's link to its style sheet.
    await on('plain', {}, async (page, requests) => {
      const quotes = page.locator('dateline-update .entry');
      await quotes.nth(1).filter({ hasText: 'Nobody may leave' }).waitFor();
      await quotes.nth(0).filter({ hasText: 'Nobody may leave' }).waitFor();
      await page.locator('dateline-story').locator('.entry').first().waitFor();
      const content = statement('mayor', 'Nobody may leave before noon');
      const took = async (what: string, act: () => Promise<unknown>, shown: string) => {
        const began = performance.now();
        await act();
        for (const n of [0, 1]) await quotes.nth(n).filter({ hasText: shown }).waitFor();
        console.log(`${what} on another site ${Math.round(performance.now() - began)} ms after the editor sent it`);
      };
      const correction = { content, wrong: 'The hour was missing.', reason: 'Misheard.' };
      await took('corrected', () => desk.on(update, 'correct', correction), 'The hour was missing.');
      await took('retracted', () => desk.on(update, 'retract', { reason: 'Nobody said so.' }), 'Retracted');
      for (const n of [0, 1]) {
        expect(await quotes.nth(n).textContent()).toContain('no longer stand by it');
      }
      await page.locator('dateline-story .entry', { hasText: 'Nobody said so.' }).waitFor();
      expect(requests.filter(url => url.includes('/live?'))).toHaveLength(1);
    });
  });

  test('an element that leaves the page ends its stream, and one that comes later gets its own', () =>
    on('plain', {}, async (page, requests) => {
      await shown(page);
      const live = () => requests.filter(url => url.includes('/live?')).length;
      while (live() < 1) await page.waitForTimeout(50);
      await page.evaluate(() => document.querySelectorAll('main > :nth-child(n + 3)').forEach(each => each.remove()));
      await page.evaluate(src => {
        const element = document.createElement('dateline-update');
        element.setAttribute('src', src);
        document.querySelector('main')!.append(element);
      }, `${reader}/s/harbour/d/${quoted}`);
      await page.locator('dateline-update .entry').waitFor();
      while (live() < 2) await page.waitForTimeout(50);
    }));

  test('an element that gets another address shows what is there, whether it is in the page or put back into it', async () => {
    const other = await desk.say('The quay is open');
    await newsroom.seen(desk.position);
    await on('plain', {}, async page => {
      await shown(page);
      const leadTo = (development: string, apart: boolean) =>
        page.evaluate(
          ({ src, apart }) => {
            const element = document.querySelector('dateline-update')!;
            const parent = element.parentElement!;
            if (apart) element.remove();
            element.setAttribute('src', src);
            if (apart) parent.append(element);
          },
          { src: `${reader}/s/harbour/d/${development}`, apart },
        );
      const entry = page.locator('dateline-update .entry');
      await leadTo(other, false);
      await entry.filter({ hasText: 'The quay is open' }).waitFor();
      await leadTo(quoted, true);
      await entry.filter({ hasText: 'The port is shut' }).waitFor();
    });
  });

  /** Posts an update with these words, and shows it alone in a page of another site. */
  async function quoting(
    words: string,
    look: (it: { page: Page; entry: Locator; path: string; update: string }) => Promise<void>,
  ): Promise<void> {
    const update = await desk.say(words);
    await newsroom.seen(desk.position);
    const path = `/s/harbour/d/${update}`;
    hosts.show(await codeFor(reader, path));
    await on('plain', {}, async page => {
      const entry = page.locator('dateline-update .entry');
      await entry.filter({ hasText: words }).waitFor();
      await look({ page, entry, path, update });
    });
  }
  const correct = (update: string, words: string) =>
    desk.on(update, 'correct', { content: statement('mayor', words), wrong: 'A word.', reason: 'Misheard.' });

  test('a request that is never answered holds up later changes no longer than an answer may take', () =>
    quoting('The first tide', async ({ page, entry, path, update }) => {
      let asked = 0;
      await page.route(`**${path}/embed`, route => (asked++ === 0 ? undefined : route.continue()));
      await correct(update, 'The second tide');
      await correct(update, 'The third tide');
      await entry.filter({ hasText: 'The third tide' }).waitFor({ timeout: 60_000 });
      expect(asked).toBeGreaterThan(1);
    }));

  test('a cache that has an old fragment brings no old words back, and is asked until it has the new one', () =>
    quoting('The first gull', async ({ page, entry, path, update }) => {
      const body = await fragmentOf(reader, path);
      await correct(update, 'The second gull');
      await entry.filter({ hasText: 'The second gull' }).waitFor();
      await page.evaluate(() => {
        const root = document.querySelector('dateline-update')!.shadowRoot!;
        const noted = window as unknown as { isBack: boolean };
        noted.isBack = false;
        const look = () => (noted.isBack ||= root.textContent!.includes('The first gull'));
        new MutationObserver(look).observe(root, { childList: true, subtree: true });
      });
      let asked = 0;
      const headers = { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/html; charset=utf-8' };
      await page.route(`**${path}/embed`, route => (asked++ < 2 ? route.fulfill({ headers, body }) : route.continue()));
      await correct(update, 'The third gull');
      await entry.filter({ hasText: 'The third gull' }).waitFor();
      expect(asked).toBe(3);
      expect(await page.evaluate(() => (window as unknown as { isBack: boolean }).isBack)).toBe(false);
    }));

  test('a quoted update that links to another one says what that one is called now', async () => {
    const to = await desk.say('The ferry waits');
    await quoting('The ferry has left', async ({ page, entry, update }) => {
      const links = page.locator('dateline-update .links');
      await desk.on(update, 'link', { to, as: 'answers' });
      await links.filter({ hasText: 'The Mayor: “The ferry waits”' }).waitFor();
      await correct(to, 'The ferry waits outside');
      await links.filter({ hasText: 'Corrected: The Mayor: “The ferry waits outside”' }).waitFor();
      await desk.on(to, 'retract', { reason: 'It never came.' });
      await links.waitFor({ state: 'detached' });
      await entry.filter({ hasText: 'The ferry has left' }).waitFor();
    });
  });

  test('an address that is not ours leaves what the page holds', async () => {
    hosts.show(
      `<dateline-update src="javascript:alert(1)//s/a/d/b">Kept.</dateline-update>${await codeFor(reader, '/s/harbour')}`,
    );
    await on('plain', {}, async page => {
      await page.locator('dateline-story .title').waitFor();
      expect(await page.locator('dateline-update').innerText()).toBe('Kept.');
    });
  });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, axeFindings, launch, openPage, type How } from '../harness/browser.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { play } from '../harness/played.js';
import { Desk } from './posting.js';

const budget = 60_000;

describeInBrowser('pages of whole stories', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let arabic: string;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open();
    await play(newsroom, 'alaska', 'varn-election', 'skerry-storm', 'cup-final');
    const desk = new Desk(await newsroom.as(['editor']), 'harbour-in-arabic');
    await desk.open({
      title: 'محادثات الميناء',
      summary: 'وفدان يلتقيان عند الميناء.',
      language: 'ar',
      zone: 'Asia/Amman',
    });
    arabic = await desk.say('نحن نأمل في السلام', { headline: 'العمدة تتحدث' });
    await desk.on(arabic, 'mark-key');
    const keys = new Desk(await newsroom.as(['editor']), 'key-events');
    await keys.open();
    const ids: string[] = [];
    for (let n = 1; n <= 20; n++) ids.push(await keys.say(`Key words, no. ${n}`));
    for (const id of ids) await keys.on(id, 'mark-key');
    const points = ids.slice(0, 4).map((id, n) => ({ text: `What we know, point ${n}, in one line.`, cites: [id] }));
    await keys.send('/stories/key-events/key-points', { points });
    const short = new Desk(await newsroom.as(['editor']), 'one-line');
    await short.open();
    await short.on(await short.record({ kind: 'update', body: 'The bridge is open.' }), 'pin');
    await newsroom.seen(short.position);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const at = (path: string) => newsroom.reader!.url + path;
  async function on<T>(path: string, how: How, look: (page: Page) => Promise<T>): Promise<T> {
    const { page, faults, requests, close } = await openPage(browser, at(path), how);
    try {
      const seen = await look(page);
      expect(faults).toEqual([]);
      expect(requests.filter(url => !url.startsWith(newsroom.reader!.url) && !url.startsWith('data:'))).toEqual([]);
      return seen;
    } finally {
      await close();
    }
  }

  const pages = [
    '/s',
    '/s/alaska-summit',
    '/s/varn-election',
    '/s/varn-election?order=story&type=reaction,outcome',
    '/s/-/search?q=storm',
    '/s/alaska-summit/actors/vladimir-putin',
    '/s/varn-election/actors/jonas-reck?clock=happened&at=2027-03-08T02:50',
    '/s/skerry-storm',
    '/s/skerry-storm/actors/holmvik',
    '/s/cup-final',
    '/s/cup-final/actors/sandhaven-rovers',
    '/s/cup-final/actors/noor-haddad',
    '/s/alaska-summit/history',
    '/s/varn-election/history?clock=known&step=20',
    '/s/harbour-in-arabic',
    '/s/nothing-here',
  ];
  const views: [string, How][] = [
    ['light and dark', {}],
    ['a phone', { width: 360, still: true }],
  ];
  const missing = (path: string) => path.endsWith('nothing-here');

  test.each(pages.flatMap(path => views.map(([name, how]) => [path, name, how] as const)))(
    '%s, %s: axe finds nothing, nothing is too wide, and nothing comes from elsewhere',
    async (path, _name, how) => {
      const { page, faults, requests, close } = await openPage(browser, at(path), how);
      try {
        if (path.startsWith('/s/varn-election?'))
          await page.locator('.filter').evaluate((d: HTMLDetailsElement) => (d.open = true));
        expect(await axeFindings(page)).toEqual([]);
        if (!how.still) {
          await page.emulateMedia({ colorScheme: 'dark' });
          expect(await axeFindings(page)).toEqual([]);
        }
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(how.width ?? 1280);
        expect(faults.filter(fault => !(missing(path) && fault.includes('404')))).toEqual([]);
        expect(requests.filter(url => !url.startsWith(newsroom.reader!.url) && !url.startsWith('data:'))).toEqual([]);
      } finally {
        await close();
      }
    },
  );

  test.each(['alaska-summit', 'varn-election', 'skerry-storm', 'cup-final'])(
    '%s with all its files takes less than 60 kB over the network',
    async story => {
      const { page, close } = await openPage(browser, 'about:blank');
      const sizes: Promise<[string, number]>[] = [];
      page.on('requestfinished', request =>
        sizes.push(request.sizes().then(size => [request.url(), size.responseBodySize + size.responseHeadersSize])),
      );
      await page.goto(at(`/s/${story}`));
      await page.locator('.connection.is-live').waitFor();
      await page.evaluate(() => document.fonts.ready);
      const weighed = await Promise.all(sizes);
      await close();
      const total = weighed.reduce((sum, [, size]) => sum + size, 0);
      console.log(
        `${story}: ${total} bytes\n${weighed.map(([url, size]) => `${size} ${new URL(url).pathname}`).join('\n')}`,
      );
      expect(weighed.length).toBeGreaterThanOrEqual(3);
      expect(total).toBeLessThan(budget);
    },
  );

  test('without JavaScript a story has its updates, times in its own zone, and filters and pages by links', () =>
    on('/s/alaska-summit', { javaScript: false }, async page => {
      expect(await page.locator('#timeline .entry').count()).toBe(30);
      expect(await page.locator('#zone').textContent()).toBe('Times in Anchorage');
      expect(await page.locator('blockquote').first().textContent()).toBe('I hope for peace. The world deserves it.');
      expect(await page.locator('#timeline').textContent()).toContain('Said 15 August 2025');
      expect(await page.locator('#timeline').textContent()).toMatch(/If\s*the talks fail\s*still open/);
      expect(await page.locator('.needs-js:visible').count()).toBe(0);
      await page.getByRole('link', { name: 'Older updates' }).click();
      expect(await page.locator('#timeline .entry').count()).toBe(21);
      expect(await page.locator('#timeline').textContent()).toContain('Kremlin insiders, unconfirmed');
      await page.locator('.filter summary').click();
      await page.selectOption('[name=actor]', 'india');
      await page.selectOption('[name=type]', 'warning');
      await page.locator('.filter button').click();
      expect(await page.locator('#timeline .entry').count()).toBe(1);
      await page.getByRole('link', { name: 'Story order' }).click();
      expect(page.url()).toMatch(/order=story&actor=india&type=warning/);
      await page.getByRole('link', { name: 'Show everything' }).click();
      await page.locator('.filter summary').click();
      await page.getByLabel('Words in the headline').fill('presidents CAR');
      await page.locator('.filter button').click();
      expect(await page.locator('#timeline .entry h3').allTextContents()).toEqual(['One car, two presidents']);
      expect(await page.getByLabel('Words in the headline').inputValue()).toBe('presidents CAR');
    }));

  test('corrections say what was wrong, retractions say why, and replaced updates are marked', () =>
    on('/s/varn-election', {}, async page => {
      expect(await page.locator('#pinned .correction').textContent()).toContain(
        'The margin is nineteen votes, not nine.',
      );
      expect(await page.locator('.tombstone').allTextContents()).toEqual([
        expect.stringContaining('The account that posted it is not his.'),
        expect.stringContaining('It was a man who looks like him'),
      ]);
      expect(await page.locator('#timeline .superseded').first().textContent()).toContain('No longer current');
      expect(await page.locator('.fate.is-lapsed').first().textContent()).toBe('this did not happen');
    }));

  test('times are in the reader’s zone, and a reported day keeps its date', () =>
    on('/s/varn-election', { zone: 'Asia/Tokyo' }, async page => {
      const text = await page.locator('#timeline').textContent();
      expect(text).toContain('8 March 2027, 03:40');
      expect(text).toMatch(/\w+ 12 March 2027(?!,)/);
      expect(await page.locator('#zone').allTextContents()).toEqual(['Times in your zone: Tokyo']);
    }));

  test.each([
    ['the reader’s', {}, 'Times in your zone: Tokyo'],
    ['without JavaScript, the story’s', { javaScript: false }, 'Times in Lisbon'],
  ])('every page of a story has one time zone, %s, and says so once', async (_, how, said) => {
    const zoned = { ...how, zone: 'Asia/Tokyo' };
    const { id, recorded } = (await newsroom.readers.get('/stories/key-events/timeline?limit=1')).body.entries[0];
    const zone = 'javaScript' in how ? 'Europe/Lisbon' : 'Asia/Tokyo';
    const posted = new Date(recorded).toLocaleTimeString('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
    });
    const ofStories = {
      '/s': `.latest:has([href$="${id}"]) time`,
      '/s/-/search?q=words+20': `li:has([href$="${id}"]) time`,
    };
    const times: Record<string, string> = {
      // Without a script they are in UTC, as they are about stories of several zones.
      ...(!('javaScript' in how) && ofStories),
      '/s/key-events': `#d-${id} .posted time`,
      [`/s/key-events/d/${id}`]: '.posted time',
      '/s/key-events/history': `.entry:has([href$="${id}"]) .posted time`,
      '/s/key-events/actors/mayor': `.citations li:has([href$="${id}"]) time`,
    };
    for (const [path, time] of Object.entries(times))
      await on(path, zoned, async page => {
        expect([path, await page.locator('#zone').allTextContents()]).toEqual([path, [said]]);
        expect(await page.locator(time).first().textContent()).toContain(posted);
      });
  });

  test('a moment that a reader types is in the zone of the page’s times', () =>
    on('/s/key-events/history?clock=known&step=3', { zone: 'Asia/Tokyo' }, async page => {
      const shown = await page.locator('#moment').textContent();
      const typed = page.locator('[name=at]');
      await page.locator('.machine .moment summary').click();
      // A browser leaves out seconds that are 0.
      expect(await typed.inputValue()).toContain(shown!.slice(-8).replace(/:00$/, ''));
      await page.locator('.moment button').click();
      await page.waitForURL(/at=/);
      expect(await page.locator('#moment').textContent()).toBe(shown);
    }));

  test.each([
    ['alaska-summit', 3],
    ['varn-election', 2],
    ['key-events', 3],
  ])(
    '%s: on a phone, its first update begins on the first screen, below key points, events and a pinned update',
    (story, keys) =>
      on(`/s/${story}`, { width: 412, height: 844 }, async page => {
        expect(await page.locator('#keys > ol > li').count()).toBe(keys);
        const first = (await page.locator('#timeline .entry').first().boundingBox())!;
        console.log(`${story}: the first update begins ${Math.round(first.y)} px down`);
        expect(first.y).toBeLessThan(844 - 100);
      }),
  );

  test.each([
    ['with', {}],
    ['without', { javaScript: false }],
  ])('%s JavaScript, a long pinned update on a phone is folded and read as a whole when unfolded', (_, how) =>
    on('/s/varn-election', { ...how, width: 412, height: 844 }, async page => {
      const [pinned, all] = [page.locator('#pinned-entry'), page.getByRole('checkbox', { name: 'Show all' })];
      const height = async () => (await pinned.boundingBox())!.height;
      const folded = await height();
      expect(folded).toBeLessThan(180);
      // A screen reader has all of it, folded or not.
      expect(await pinned.ariaSnapshot()).toContain('The margin is nineteen votes, not nine.');
      await page.getByText('Show all').click();
      expect(await all.isChecked()).toBe(true);
      const whole = await height();
      expect(whole).toBeGreaterThan(folded + 100);
      expect(await pinned.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
      await all.press('Space');
      expect(await height()).toBe(folded);
      // The focus unfolds it, so that no link is reached that cannot be seen.
      await pinned.getByRole('link').last().focus();
      expect(await height()).toBe(whole);
    }),
  );

  test('a pinned update is whole on a wide screen, and a short one on a phone has nothing to unfold', async () => {
    await on('/s/varn-election', {}, async page => {
      await page.locator('#pinned-entry').getByText('The margin is nineteen votes').waitFor();
      expect(await page.getByText('Show all').isVisible()).toBe(false);
    });
    await on('/s/one-line', { width: 412, height: 844 }, async page => {
      await page.locator('#pinned').getByText('The bridge is open').first().waitFor();
      expect(await page.getByText('Show all').isVisible()).toBe(false);
    });
  });

  test('a story without key events has no heading for them', () =>
    on('/s/one-line', {}, async page => {
      expect(await page.getByRole('heading', { name: 'Key events' }).count()).toBe(0);
      expect(await page.locator('main').textContent()).not.toContain('None yet');
    }));

  test('the pages of a story’s people have words of people, not of tables', () =>
    on('/s/alaska-summit', {}, async page => {
      const all = await page.locator('.people a').evaluateAll(links => links.map(link => link.getAttribute('href')!));
      for (const path of all.slice(0, 8)) {
        await page.goto(at(path));
        const text = await page.locator('main').innerText();
        for (const word of [/\bPart\b/, /\bMeans\b/, /\bAs of\b/, /\bundefined\b/])
          expect([path, word, word.exec(text)]).toEqual([path, word, null]);
        // A slug that stands as a value begins like a name.
        const values = await page.locator('.facts dd').allInnerTexts();
        expect([path, values.filter(value => /^[a-z]+([ -][a-z]+)?$/.test(value))]).toEqual([path, []]);
      }
    }));

  test('an update’s page leads to those before and after it, and names the one that replaced it', () =>
    on('/s/varn-election?order=story', { javaScript: false }, async page => {
      const replaced = page.locator('.is-superseded').first();
      const [its, later] = [
        await replaced.locator('.posted').getAttribute('href'),
        await replaced.locator('.superseded a').getAttribute('href'),
      ];
      const around = await page
        .locator('#timeline .posted')
        .evaluateAll(all => all.map(link => link.getAttribute('href')));
      const place = around.indexOf(its);
      await page.goto(at(its!));
      expect(await page.locator('.superseded a').textContent()).toMatch(/^Replaced by a later update: ./);
      const there = async (rel: string) => page.locator(`.neighbours [rel=${rel}]`).getAttribute('href');
      expect([await there('prev'), await there('next')]).toEqual([around[place - 1], around[place + 1]]);
      await page.locator('.superseded a').click();
      expect(page.url()).toContain(later!);
      expect(await page.locator('.neighbours a').first().textContent()).toMatch(/^Before, .*\d\d:\d\d./);
    }));

  test('the list of stories shows each one’s latest update, with its time, and their number', () =>
    on('/s', {}, async page => {
      const story = page.locator('.stories > li', { hasText: 'Alaska' });
      expect(await story.locator('.latest').textContent()).toMatch(/^\d+ \w+, \d\d:\d\d .*“I hope for peace/);
      expect(await story.textContent()).toContain('51 updates');
    }));

  test('the first Tab leads to a link that skips to the updates', () =>
    on('/s/alaska-summit', {}, async page => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the updates');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('#updates') !== null)).toBe(true);
    }));

  test('on paper are the words, and nothing that only a screen can do; the folder of a story can be downloaded', async () => {
    for (const path of ['/s/alaska-summit', '/s/varn-election/history?clock=known&step=20'])
      await on(path, {}, async page => {
        expect(await page.locator('a.download:visible').count()).toBe(1);
        await page.emulateMedia({ media: 'print' });
        const shown = (selector: string) => page.locator(`:is(${selector}):visible`).count();
        expect([path, await shown('nav, form, button, .foot a, a.download')]).toEqual([path, 0]);
        expect(await shown('.entry h2, .entry h3, .entry p')).toBeGreaterThan(10);
      });
  });

  test('a reader who prefers reduced motion gets no animations', () =>
    on('/s/alaska-summit', { still: true }, async page =>
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0),
    ));

  test.each(['/s', '/s/alaska-summit'])('%s: every animation ends within five seconds', path =>
    on(path, {}, async page => {
      const seconds = await page.evaluate(() =>
        [...document.querySelectorAll('*')]
          .flatMap(element => ['', '::before', '::after'].map(part => getComputedStyle(element, part)))
          .filter(({ animationName }) => animationName !== 'none')
          .map(style => parseFloat(style.animationDuration) * Number(style.animationIterationCount)),
      );
      expect(seconds).not.toEqual([]);
      expect(Math.max(...seconds)).toBeLessThanOrEqual(5);
    }),
  );

  test('without JavaScript an actor’s cells link to the updates that they cite', () =>
    on('/s/alaska-summit/actors/vladimir-putin', { javaScript: false }, async page => {
      const where = page.locator('[aria-labelledby=facet-presence] .cell');
      expect(await where.locator('.says').textContent()).toBe('The meeting place at the air base');
      await where.locator('summary').click();
      await where.locator('.citations a').first().click();
      expect(await page.locator('h2').first().textContent()).toBe('One car, two presidents');
      await page.getByRole('link', { name: 'Read it in the story' }).click();
      expect(await page.locator('#timeline > li:target h3').textContent()).toBe('One car, two presidents');
    }));

  test('without JavaScript an actor’s state is shown as of any moment', () =>
    on('/s/varn-election/actors/jonas-reck', { javaScript: false }, async page => {
      expect(await page.locator('.facets').textContent()).toContain('He congratulates Mira Holt.');
      await page.locator('.moment summary').click();
      await page.selectOption('[name=clock]', 'happened');
      await page.fill('[name=at]', '2027-03-08T02:50:00');
      await page.locator('.moment button').click();
      expect(await page.locator('.notice').textContent()).toContain('8 Mar 2027, 02:50:00');
      expect(await page.locator('.facets').textContent()).not.toContain('He congratulates Mira Holt.');
      expect(await page.locator('.facets').textContent()).toContain('Kettle Farm');
    }));

  test('a story in a right-to-left language is laid out from right to left', () =>
    on('/s/harbour-in-arabic', { width: 360 }, async page => {
      expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
      expect(await page.locator('h1').getAttribute('lang')).toBe('ar');
      const heading = await page.locator(`#d-${arabic} h3`).boundingBox();
      expect(heading!.x + heading!.width).toBeGreaterThan(330);
    }));

  test('a wrong address is answered with a page that says what is wrong', async () => {
    const ask = (path: string) => newsroom.readers.get(path);
    expect(await ask('/s/varn-election?actor=nobody')).toMatchObject({
      status: 422,
      text: expect.stringMatching(/nobody/),
    });
    expect(await ask('/s/varn-election/history?at=yesterday')).toMatchObject({ status: 422 });
    expect(await ask('/s/varn-election/d/none')).toMatchObject({ status: 404 });
    expect(await ask('/s/varn-election?utm_source=mail&actor=')).toMatchObject({ status: 200 });
    const { headers } = await ask('/s/varn-election');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    const held = await newsroom.readers.get('/s/varn-election', { 'If-None-Match': headers.get('etag')! });
    expect(held.status).toBe(304);
  });

  test('bundles may be cached without limit, because their names change with their content', async () => {
    const { text } = await newsroom.readers.get('/s');
    const [, style] = /href="(\/assets\/[^"]+\.css)"/.exec(text)!;
    const { headers } = await newsroom.readers.get(style!);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect([headers.get('x-content-type-options'), headers.get('content-security-policy')]).toEqual(['nosniff', null]);
    const brotli = await newsroom.readers.get(style!, { 'Accept-Encoding': 'br' });
    const sent = ['content-encoding', 'content-type', 'vary', 'cache-control'].map(name => brotli.headers.get(name));
    expect(sent).toEqual(['br', expect.stringContaining('text/css'), 'Accept-Encoding', headers.get('cache-control')]);
    expect(brotli.text).toContain('.entry');
    const refused = await newsroom.readers.get(style!, { 'Accept-Encoding': 'br', 'If-Match': '"other"' });
    const kept = ['cache-control', 'etag', 'content-encoding'].map(name => refused.headers.get(name));
    expect([refused.status, kept]).toEqual([412, ['no-store', null, null]]);
  });

  test('the page links to the feeds, and has structured data', () =>
    on('/s/varn-election', {}, async page => {
      const hrefs = await page
        .locator('link[rel=alternate]')
        .evaluateAll(all => all.map(link => link.getAttribute('href')));
      expect(hrefs).toEqual([
        ...['atom', 'json', 'rss'].map(format => at(`/stories/varn-election/feed.${format}`)),
        at(`/oembed?${new URLSearchParams({ url: at('/s/varn-election') })}`),
      ]);
      for (const href of hrefs) expect((await fetch(href!)).status).toBe(200);
      const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!);
      expect(data).toMatchObject({ '@type': 'LiveBlogPosting', url: at('/s/varn-election') });
    }));
});

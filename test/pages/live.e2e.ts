import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launch, openPage, type How, type Opened } from '../harness/browser.js';
import type { Client } from '../harness/client.js';
import { Line } from '../harness/line.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk, statement } from './posting.js';

describeInBrowser('an open page of a reader', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let editor: Client;
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
    editor = await newsroom.as(['editor']);
    desk = new Desk(editor, `story-${randomUUID().slice(0, 8)}`);
    await desk.open();
  });
  afterEach(async () => {
    for (const { faults, close } of opened.splice(0)) {
      await close();
      expect(faults).toEqual([]);
    }
  });

  /** Opens the page; resolves when it follows the story. */
  async function follow(path = '', how: How = {}, base = newsroom.reader!.url): Promise<Page> {
    const page = await openPage(browser, `${base}/s/${desk.story}${path}`, how);
    opened.push(page);
    await page.page.locator('.connection.is-live').waitFor();
    return page.page;
  }

  const headings = (page: Page) => page.locator('#timeline .entry').locator('h3, blockquote p').allTextContents();
  const shown = async (page: Page) => (await headings(page)).filter(text => text !== 'The Mayor');
  /** Posts, and waits until readers see the post. */
  const settled = async (act: () => Promise<unknown>) => {
    await act();
    await newsroom.seen(desk.position);
  };

  const offer = (page: Page, words: string) => page.locator('#offer', { hasText: words }).waitFor();

  test('a reader at the top, on a phone, sees a post, hears it announced, and nothing above it moves', async () => {
    await settled(() => desk.say('First words'));
    const page = await follow('', { still: true, width: 412, height: 844 });
    await page.evaluate(() => {
      const noted = window as unknown as { shownAt?: number };
      const list = document.getElementById('timeline')!;
      new MutationObserver(() => (noted.shownAt ??= Date.now())).observe(list, { childList: true });
    });
    const order = page.getByRole('link', { name: 'Story order' });
    await order.focus();
    const place = await order.boundingBox();
    const posted = Date.now();
    await desk.say('Second words');
    const answered = Date.now();
    await page.locator('#told', { hasText: 'New: The Mayor: “Second words”' }).waitFor({ state: 'attached' });
    const took = (await page.evaluate(() => (window as unknown as { shownAt: number }).shownAt)) - posted;
    console.log(`shown ${took} ms after the post was sent, ${took - (answered - posted)} ms after its answer`);
    expect(await shown(page)).toEqual(['Second words', 'First words']);
    expect(await page.locator('#timeline > li').first().getAttribute('class')).toBe('day');
    expect(await page.locator('.day').count()).toBe(1);
    expect(await page.locator('#told').getAttribute('role')).toBe('status');
    expect(await page.locator('#offer').isHidden()).toBe(true);
    expect(await order.evaluate(link => link === document.activeElement)).toBe(true);
    expect(await order.boundingBox()).toEqual(place);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test('an update that is classified shows its kind and actors, with the same words and no correction', async () => {
    let update = '';
    await settled(async () => (update = await desk.record({ kind: 'update', body: 'The mayor is at the harbour.' })));
    const page = await follow();
    const entry = page.locator(`#timeline [id="d-${update}"]`);
    expect(await entry.locator('.kind').textContent()).toBe('Update');
    const words = await entry.locator('.body').textContent();
    await desk.on(update, 'classify', { kind: 'arrival', data: { actors: ['mayor'], place: 'the harbour' } });
    await entry.locator('.kind', { hasText: 'Arrival' }).waitFor();
    expect(await entry.locator('.icon use').getAttribute('href')).toBe('#k-arrival');
    expect(await entry.locator('.actors').textContent()).toBe('The Mayor');
    expect(await entry.locator('.body').textContent()).toBe(words);
    expect(await entry.locator('h3').textContent()).toBe('The mayor is at the harbour');
    expect(await page.locator('.correction').count()).toBe(0);
    expect(await page.locator('#last').textContent()).toContain('Classified');
    const state = `${newsroom.reader!.url}/s/${desk.story}/actors/mayor`;
    const { page: actor, close } = await openPage(browser, state);
    expect(await actor.locator('main').textContent()).toContain('the harbour');
    await close();
  });

  test('a minor edit is shown in place, with its time and a link to the former text, and as no correction', async () => {
    let update = '';
    await settled(async () => (update = await desk.record({ kind: 'update', body: 'The goverment has resigned.' })));
    const page = await follow();
    const entry = page.locator(`#timeline [id="d-${update}"]`);
    await desk.on(update, 'edit', { body: 'The government has resigned.' });
    await entry.locator('.body', { hasText: 'The government has resigned.' }).waitFor();
    expect(await entry.locator('h3').textContent()).toBe('The government has resigned');
    expect(await entry.locator('.edited').textContent()).toMatch(/^Edited .*\d\d:\d\d/);
    expect(await page.locator('.correction').count()).toBe(0);
    expect(await page.locator('#told').textContent()).toBe('');
    await entry.locator('.edited a').click();
    await page.locator('details.edited summary').click();
    await page.locator('details.edited del', { hasText: 'The goverment has resigned' }).waitFor();
  });

  test('the first update of a story replaces the note that there is none', async () => {
    const page = await follow();
    await page.getByText('No updates yet.').waitFor();
    await desk.say('First words');
    await page.locator('#timeline', { hasText: 'First words' }).waitFor();
    expect(await page.getByText('No updates yet.').isHidden()).toBe(true);
  });

  test.each([
    ['selects', (page: Page) => page.locator('#timeline blockquote p').selectText()],
    ['tabs through', (page: Page) => page.locator('#timeline a').first().focus()],
  ])('while a reader %s an update, new ones are only offered', async (_, read) => {
    await settled(() => desk.say('First words'));
    const page = await follow();
    await page.getByRole('link', { name: 'Story order' }).focus();
    await page.keyboard.press('Tab');
    await read(page);
    await desk.say('Second words');
    await offer(page, '1 new update');
    expect(await shown(page)).toEqual(['First words']);
  });

  test('on a phone, below many key events, a new update is offered in sight and nothing moves', async () => {
    for (let n = 1; n <= 20; n++) await desk.on(await desk.say(`Key words, no. ${n}`), 'mark-key');
    await newsroom.seen(desk.position);
    const page = await follow('', { width: 360 });
    await page.locator('.keys summary').click();
    const inSight = async (words: string) => {
      await offer(page, words);
      const { x, y, width, height } = (await page.locator('#offer').boundingBox())!;
      expect([x >= 0, x + width <= 360, y >= 0, y + height <= 780]).toEqual([true, true, true, true]);
      const at = { x: x + width / 2, y: y + height / 2 };
      expect(await page.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.id, at)).toBe('offer');
    };
    expect((await page.locator('#timeline').boundingBox())!.y).toBeGreaterThan(780);
    await desk.say('Second words');
    await inSight('1 new update');
    const read = page.locator('#timeline > li', { hasText: 'no. 9' });
    await read.scrollIntoViewIfNeeded();
    const place = await read.boundingBox();
    await desk.say('Third words');
    await inSight('2 new updates');
    expect(await read.boundingBox()).toEqual(place);
    expect((await shown(page)).slice(0, 1)).toEqual(['Key words, no. 20']);
    await page.locator('#offer').click();
    expect((await shown(page)).slice(0, 3)).toEqual(['Third words', 'Second words', 'Key words, no. 20']);
    expect(await page.locator('#offer').isHidden()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Third words');
    await page.locator('#timeline > li', { hasText: 'Third words' }).and(page.locator(':focus')).waitFor();
    expect((await page.locator('#timeline > li').first().boundingBox())!.y).toBeLessThan(780);
  });

  test('a correction is shown in place, with what was wrong and why', async () => {
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

  test('a retraction is shown in place, without the retracted words', async () => {
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

  test('the page shows the pinned entry, key events, the outcome of a condition and the end of the story', async () => {
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
    expect(await page.locator('.conditions .fate').textContent()).toBe('this happened');
    await page.locator('#keys a', { hasText: 'If it rains (this happened)' }).waitFor();
    await desk.send(`/stories/${desk.story}/close`, {});
    await page.locator('#status', { hasText: 'Closed' }).waitFor();
  });

  test('an update that waits to be shown has the outcome of its condition', async () => {
    for (let n = 1; n <= 12; n++) await desk.say(`Words, no. ${n}`);
    await newsroom.seen(desk.position);
    const page = await follow('', { height: 400 });
    await page.locator('#timeline > li').last().scrollIntoViewIfNeeded();
    const conditions = [{ id: 'rain', text: 'it rains' }];
    const development = await desk.say('We stay in', { modality: { mode: 'conditional', conditions } });
    await offer(page, '1 new update');
    await desk.send(`/stories/${desk.story}/conditions/rain/settle`, { fate: 'met', reason: 'It pours.' });
    await page.locator('#last', { hasText: 'Condition settled' }).waitFor({ state: 'attached' });
    await page.locator('#offer').click();
    await page.locator(`#d-${development} .fate.is-met`).waitFor();
    expect(await page.locator(`#d-${development} .fate`).textContent()).toBe('this happened');
  });

  test('a link has the title that its update has now, as on the page served again, and goes when that is retracted', async () => {
    const [to, from] = [await desk.say('We will rebuild'), await desk.say('They will rebuild')];
    await settled(() => desk.on(from, 'link', { to, as: 'answers' }));
    const page = await follow();
    const linksOn = (page: Page) => page.locator(`#timeline [id="d-${from}"] .links`);
    const says = (words: string) => linksOn(page).filter({ hasText: words }).waitFor();
    await says('The Mayor: “We will rebuild”');
    const content = statement('mayor', 'We will rebuild together');
    await desk.on(to, 'correct', { content, wrong: 'A word was missing.', reason: 'Checked with the tape.' });
    await says('Corrected: The Mayor: “We will rebuild together”');
    await newsroom.seen(desk.position);
    const served = await follow();
    expect(await linksOn(served).textContent()).toBe(await linksOn(page).textContent());
    /** Retracts it. Then neither page links to it. */
    const withdraw = async (development: string) => {
      await desk.on(development, 'retract', { reason: 'Nobody said so.' });
      for (const each of [page, served]) {
        await each.locator(`#timeline [id="d-${development}"] .tombstone`).waitFor();
        expect(await linksOn(each).locator('li').count()).toBe(0);
      }
    };
    await withdraw(to);
    // From here on the script has rendered the update, not the server.
    for (const words of ['One more', 'And another']) {
      const next = await desk.say(words);
      await desk.on(from, 'link', { to: next, as: 'related' });
      await says(`The Mayor: “${words}”`);
      await desk.on(next, 'dispute', { reason: 'Others say no.' });
      await says(`Disputed: The Mayor: “${words}”`);
      await withdraw(next);
    }
  });

  test('an amended header reaches an open page at once, with what it was; closing the story says where it goes on', async () => {
    await settled(() => desk.say('First words'));
    const page = await follow();
    await desk.send(`/stories/${desk.story}/amend`, {
      ...{ title: 'The harbour is closed', summary: 'No ship leaves.', zone: 'Europe/Lisbon', language: 'en' },
      reason: 'The storm came.',
    });
    await page.locator('h1', { hasText: 'The harbour is closed' }).waitFor();
    expect(await page.title()).toBe('The harbour is closed');
    expect(await page.locator('.deck').textContent()).toBe('No ship leaves.');
    await page.locator('.former summary').click();
    const former = page.locator('.former li');
    expect(await former.textContent()).toMatch(/It said\s*The harbour.*Why\s*The storm came\./);
    await desk.send(`/stories/${desk.story}/close`, { continues: 'another-story' });
    await page.locator('#continues a').waitFor();
    expect(await page.locator('#continues a').getAttribute('href')).toBe('/s/another-story');
    // Served again, the page is the same.
    await newsroom.seen(desk.position);
    const served = await follow();
    for (const part of ['#headline', '#continues'])
      expect(await served.locator(part).textContent()).toBe(await page.locator(part).textContent());
  });

  test('a page that stays open gets five amendments, a corrected byline and a classification, each without a reload', async () => {
    let update = '';
    const content = { kind: 'update', body: 'The mayor is at the harbour.', byline: [{ name: 'Ada Vik' }] };
    await settled(async () => (update = await desk.record(content)));
    const page = await follow('', { still: true });
    const entry = `#timeline [id="d-${update}"]`;
    await page.locator(entry).getByText('By Ada Vik').waitFor();
    await page.evaluate(() => ((window as unknown as { stayed: boolean }).stayed = true));
    const took: string[] = [];
    /** Acts, and notes how long after the act was sent the page shows the words. */
    const shows = async (what: string, within: string, words: string, act: () => Promise<unknown>) => {
      const appears = page
        .waitForFunction(
          ([within, words]) => document.querySelector(within!)?.textContent.includes(words!) && Date.now(),
          [within, words],
        )
        .then(handle => handle.jsonValue());
      const sent = Date.now();
      await act();
      took.push(`${what} ${Number(await appears) - sent} ms`);
    };
    const titles = Array.from({ length: 5 }, (_, n) => `The harbour, hour ${n + 1}`);
    for (const title of titles)
      await shows('amendment', 'h1', title, () =>
        desk.send(`/stories/${desk.story}/amend`, { title, zone: 'UTC', reason: 'An hour later.' }),
      );
    await shows('byline', entry, 'By Bo Ek (reporter) in Bergen', () =>
      desk.on(update, 'correct', {
        content: {
          ...{ ...content, data: {}, occurred: { precision: 'unknown' }, modality: { mode: 'asserted' } },
          sourcing: { basis: 'desk', standing: 'reported' },
          byline: [{ name: 'Bo Ek', role: 'reporter', place: 'Bergen' }],
        },
        ...{ wrong: 'The byline.', reason: 'Bo wrote it.' },
      }),
    );
    await shows('classification', `${entry} .kind`, 'Arrival', () =>
      desk.on(update, 'classify', { kind: 'arrival', data: { actors: ['mayor'], place: 'the harbour' } }),
    );
    console.log(took.join(', '));
    const former = await page.locator('.former li').allTextContents();
    expect(former.map(text => titles.findLastIndex(title => text.includes(title)))).toEqual([3, 2, 1, 0, -1]);
    expect(await page.locator(`${entry} .correction`).textContent()).toContain('The byline.');
    expect(await page.evaluate(() => (window as unknown as { stayed?: boolean }).stayed)).toBe(true);
    await newsroom.seen(desk.position);
    const served = await follow();
    for (const part of ['#headline', entry])
      expect(await served.locator(part).textContent()).toBe(await page.locator(part).textContent());
  });

  test('a header that is taken down leaves open pages', async () => {
    const title = 'A slandered name';
    await desk.send(`/stories/${desk.story}/amend`, { title, zone: 'UTC', reason: 'A slip.' });
    await newsroom.seen(desk.position);
    const page = await follow();
    await page.locator('h1', { hasText: title }).waitFor();
    const { header } = (await editor.get(`/stories/${desk.story}`)).body;
    const path = `/stories/${desk.story}/texts/${header}/propose-takedown`;
    const { body } = await editor.post(path, { ground: 'privacy', reason: 'Her name.' });
    const lawyer = await newsroom.as(['legal'], 0, 'lawyer');
    const approved = await lawyer.post(`/stories/${desk.story}/proposals/${body.commit}/approve`, {});
    expect(approved.status).toBe(201);
    await page.locator('h1', { hasText: 'Live coverage' }).waitFor();
    expect(await page.title()).toBe('Live coverage');
    expect(await page.content()).not.toContain(title);
  });

  test('with a filter and in story order, only matching updates are offered, and are added at the end', async () => {
    await desk.send('/actors', { id: 'harbour', name: 'Harbour office', kind: 'organisation' });
    await settled(() => desk.say('First words'));
    const page = await follow('?actor=mayor&order=story');
    await desk.record(statement('harbour', 'Not for this page'));
    await desk.say('Second words');
    await offer(page, '1 new update');
    await page.locator('#offer').click();
    expect(await shown(page)).toEqual(['First words', 'Second words']);
  });

  test('after a lost connection the page says so, resumes, and shows everything once', async () => {
    await settled(() => desk.say('Before'));
    const line = await Line.to(newsroom.reader!.url);
    try {
      const page = await follow('', {}, line.url);
      await desk.say('While it holds');
      await page.locator('#timeline', { hasText: 'While it holds' }).waitFor();
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
      await page.locator('#timeline', { hasText: 'After' }).waitFor();
      expect(await shown(page)).toEqual(['After', 'While it was cut', 'While it holds', 'Before']);
    } finally {
      opened.at(-1)!.faults.length = 0;
      await opened.at(-1)!.page.close();
      await line.cut();
    }
  });
});

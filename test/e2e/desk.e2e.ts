import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, openPage, screenshot, type How } from '../harness/browser.js';
import { openForm, pick, published, readAlong, row, sitDown as sitDownAt, write } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { loadStory } from '../../apps/demo/stories/load.js';
import { opening, playPosts, registrations, type Request } from '../../apps/demo/stories/player.js';

const pictures = process.env.SCREENS;

/** Whether a click in the element's middle would hit it. */
const isUncovered = (element: Locator): Promise<boolean> =>
  element.evaluate(shown => {
    const { left, top, width, height } = shown.getBoundingClientRect();
    return shown.contains(shown.ownerDocument.elementFromPoint(left + width / 2, top + height / 2));
  });

describeInBrowser('the desk', () => {
  const { story, ...files } = loadStory('apps/demo/stories/varn-election');
  let newsroom: TestNewsroom;
  let browser: Browser;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open({ desk: true });
    browser = await launch();
    const editor = await newsroom.as(['editor']);
    const send = async ({ path, body, key }: Request) => (await editor.post(path, body, { key })).body;
    await send(opening({ story, ...files }));
    for (const registration of registrations({ story, ...files })) await send(registration);
    await playPosts({ story, ...files }, send);
  });
  afterAll(async () => {
    await browser?.close();
    await newsroom?.close();
  });

  const sitDown = (who: string, how: How = {}) => sitDownAt(browser, newsroom, story.id, who, how);

  test('an editor posts by keyboard only, and a reader’s open page shows it', async () => {
    const reader = await readAlong(browser, newsroom, story.id);
    const { page, faults, close } = await sitDown('ada');
    const topic = 'Polling stations have closed';
    await write(page, topic);
    await page.locator('.preview').getByRole('heading', { name: topic }).waitFor();
    await page.keyboard.press('Control+Enter');
    const sent = performance.now();
    await reader.page.locator('#timeline').getByRole('heading', { name: topic }).waitFor();
    console.log(`seen by a reader ${Math.round(performance.now() - sent)} ms after Ctrl+Enter`);
    await page.getByText(published).waitFor();
    await expect(row(page, topic).count()).resolves.toBe(1);
    expect([...faults, ...reader.faults]).toEqual([]);
    await close();
    await reader.close();
  });

  test('two editors’ drafts conflict, and both are posted', async () => {
    const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
    await write(ada.page, 'Turnout is at a record');
    await write(ben.page, 'Turnout breaks the record');
    await ada.page.keyboard.press('Control+Enter');
    await row(ada.page, 'Turnout is at a record').waitFor();
    await ben.page.keyboard.press('Control+Enter');
    const conflict = ben.page.getByRole('region', { name: 'ada posted meanwhile' });
    await conflict.getByText('Turnout is at a record').waitFor();
    // The decision is at the top of its pane, and the window has not scrolled.
    expect(await ben.page.evaluate('scrollY + document.body.scrollTop')).toBe(0);
    await ben.page.getByRole('banner').getByRole('heading', { name: story.title }).waitFor();
    const [title, goOn] = [
      conflict.getByRole('heading'),
      ben.page.getByRole('button', { name: 'Continue and post mine' }),
    ];
    for (const shown of [title, goOn]) expect(await isUncovered(shown)).toBe(true);
    if (pictures) await screenshot(ben.page, `${pictures}/desk-conflict.png`, false);
    expect(await axeFindings(ben.page)).toEqual([]);
    await ben.page.getByRole('button', { name: 'Continue and post mine' }).click();
    for (const { page } of [ada, ben])
      for (const words of ['Turnout is at a record', 'Turnout breaks the record']) {
        await row(page, words).waitFor();
        expect(await row(page, words).count()).toBe(1);
      }
    await ada.close();
    await ben.close();
  });

  test('two corrections of one development are compared field by field and merged', async () => {
    const [ada, ben] = [await sitDown('ada'), await sitDown('ben')];
    await write(ada.page, 'The count begins at nin');
    await ada.page.keyboard.press('Control+Enter');
    for (const { page } of [ada, ben]) {
      await row(page, 'The count begins at nin').click();
      await page.getByRole('button', { name: /^Correct/ }).click();
      await page.getByRole('textbox', { name: 'What was wrong' }).fill('A word was cut.');
      await page.getByRole('textbox', { name: 'Why' }).fill('Checked.');
    }
    await ada.page.getByRole('textbox', { name: 'Topic' }).fill('The count begins at nine');
    await ben.page.getByRole('textbox', { name: 'Summary' }).fill('In every district.');
    await ada.page.keyboard.press('Control+Enter');
    await row(ada.page, 'The count begins at nine').waitFor();
    // Ben learns of it, and cannot dismiss it unseen: his correction replaces the whole content.
    await ben.page.getByText('Since you began, ada corrected').waitFor();
    expect(await ben.page.getByRole('button', { name: 'Dismiss' }).count()).toBe(0);
    await ben.page.keyboard.press('Control+Enter');
    const difference = ben.page.getByRole('table', { name: 'Differences' });
    await difference.getByRole('row', { name: /Topic.*nin.*nine/ }).waitFor();
    await difference.getByRole('row', { name: /Summary.*In every district/ }).waitFor();
    if (pictures) await screenshot(ben.page, `${pictures}/desk-difference.png`, false);
    await ben.page.getByRole('button', { name: 'Continue and post mine' }).click();
    await row(ben.page, 'The count begins at nine: In every district.').waitFor();
    await ada.close();
    await ben.close();
  });

  test('while the desk is offline it says so and keeps the draft, which is posted once', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'The last bus has left');
    await page.context().setOffline(true);
    await page.keyboard.press('Control+Enter');
    await page.getByText(/offline\. Your draft is kept here/).waitFor();
    await page.context().setOffline(false);
    await page.reload();
    await page.getByRole('textbox', { name: 'Topic' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe('The last bus has left');
    await page.getByRole('textbox', { name: 'Topic' }).focus();
    await page.keyboard.press('Control+Enter');
    await row(page, 'The last bus has left').waitFor();
    expect(await row(page, 'The last bus has left').count()).toBe(1);
    await close();
  });

  test('an error is shown at its field, which gets the focus', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, '');
    await page.keyboard.press('Control+Enter');
    const topic = page.getByRole('textbox', { name: 'Topic' });
    await page.locator('[id="draft-content-data-topic-error"]').waitFor();
    expect(await topic.evaluate(element => element === element.ownerDocument.activeElement)).toBe(true);
    expect(await topic.getAttribute('aria-invalid')).toBe('true');
    await close();
  });

  test('an editor registers an actor without leaving the form', async () => {
    const { page, close } = await sitDown('ada');
    await openForm(page, 'statement');
    await page.getByRole('combobox', { name: 'Speaker' }).focus();
    await page.keyboard.type('Ina Holm');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Register Ina Holm' });
    await dialog.getByRole('radio', { name: 'Person' }).check();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('button', { name: 'Remove Ina Holm' }).waitFor();
    // The keyboard focus stays where the field was.
    await page.locator('.chosen-box:focus', { hasText: 'Ina Holm' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Remove Ina Holm' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Speaker' }).and(page.locator(':focus')).waitFor();
    expect((await (await newsroom.as(['editor'])).get('/actors')).text).toContain('"id":"ina-holm"');
    await close();
  });

  test('a discarded draft can be restored, and Escape closes the palette', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'Half a thought');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.getByRole('textbox', { name: 'Topic' }).inputValue()).toBe('Half a thought');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.keyboard.press('Control+k');
    await page.locator('#palette:focus').waitFor();
    await page.keyboard.type('no such thing anywhere');
    await page.getByText('Nothing found for “no such thing anywhere”.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await close();
  });

  test('signing out leaves no draft in the browser: the team has it, or the desk asks before it deletes it', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'Under embargo until noon');
    const signOut = async () => {
      await pick(page, 'sign out');
    };
    await page.context().setOffline(true);
    await page.getByRole('textbox', { name: 'Topic' }).pressSequentially(', or later');
    // The question blocks the page, and so the key press, until it is answered.
    const asked = page.waitForEvent('dialog').then(async question => {
      await question.dismiss();
      return question.message();
    });
    await signOut();
    expect(await asked).toContain('one draft');
    expect(await page.evaluate('JSON.stringify(localStorage)')).toContain('Under embargo until noon');
    await page.context().setOffline(false);
    // The answer to the first saving comes after the person has signed out. The desk saves again as they do.
    let [answered, savings] = [() => {}, 0];
    const hasSignedOut = new Promise<void>(resolve => (answered = resolve));
    await page.route('**/drafts/*', async route => {
      if (route.request().method() !== 'PUT' || ++savings > 1) return route.continue();
      const response = await route.fetch();
      await hasSignedOut;
      await route.fulfill({ response });
    });
    await signOut();
    await page.getByLabel('Token').waitFor();
    const late = page.waitForResponse(response => response.request().method() === 'PUT');
    answered();
    await late;
    await page.evaluate('new Promise(resolve => setTimeout(resolve, 100))');
    expect(savings).toBe(2);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('Under embargo until noon');
    const editor = await newsroom.as(['editor']);
    const [draft] = (await editor.get(`/stories/${story.id}/drafts`)).body.drafts;
    expect((await editor.get(`/stories/${story.id}/drafts/${draft.id}`)).text).toContain('until noon, or later');
    await close();
  });

  test('an unknown story leads to the list of stories, whose dialog has wide fields and clears its errors', async () => {
    const { page, close } = await openPage(browser, await newsroom.deskOf('no-such-story'), { width: 1000 });
    await page.getByRole('heading', { name: 'There is no story “no-such-story”' }).waitFor();
    await page.getByRole('link', { name: 'all stories' }).click();
    await page.getByRole('button', { name: 'Open a story' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open a story' });
    const widths = await dialog
      // The hours of planned coverage have short fields, and a choice of a few is a row of buttons.
      .locator('input:not([type="datetime-local"], [type="radio"]), textarea')
      .evaluateAll(fields => fields.map(field => field.getBoundingClientRect().width));
    expect(Math.min(...widths)).toBeGreaterThan(300);
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    const errors = dialog.locator('.error');
    await errors.first().waitFor();
    const before = await errors.count();
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Harbour fire');
    expect(await errors.count()).toBeLessThan(before);
    await close();
  });

  test('an old development is found by a word of its headline, in the list and in the palette', async () => {
    const editor = await newsroom.as(['editor']);
    const old = { id: 'long-day', title: 'A long day', zone: 'UTC' };
    await editor.post('/stories', old, { key: 'long-day' });
    const entered = (headline: string, body?: string) => ({
      content: {
        ...{ kind: 'context', headline, body, data: { topic: headline }, occurred: { precision: 'unknown' } },
        ...{ sourcing: { basis: 'desk', standing: 'confirmed' }, modality: { mode: 'asserted' } },
      },
    });
    const post = async (headline: string, text?: string) => {
      const sent = { key: headline.replaceAll(' ', '-') };
      // 202 and 503 mean: send the command again with the same key.
      for (let tries = 1; ; tries++) {
        const answer = await editor.post('/stories/long-day/developments', entered(headline, text), sent);
        if (answer.status === 201) return;
        if (tries === 5 || ![202, 503].includes(answer.status)) throw new Error(`${headline}: ${answer.text}`);
      }
    };
    await post('A barge from Rotterdam is late', 'Its crew left Antwerp at noon.');
    // More than the desk loads at first.
    for (let n = 0; n < 105; n += 15) await Promise.all(Array.from({ length: 15 }, (_, k) => post(`Hour ${n + k}`)));
    const { page, close } = await sitDownAt(browser, newsroom, 'long-day', 'ada');
    await row(page, 'Hour 104').waitFor();
    expect(await row(page, 'Rotterdam').count()).toBe(0);
    await page.keyboard.press('Alt+F');
    await page.keyboard.type('rotterdam BARGE');
    await row(page, 'A barge from Rotterdam is late').waitFor();
    expect(await page.locator('#developments').getByRole('option').count()).toBe(1);
    await page.locator('#find').fill('nothing like it');
    await page.getByText('Nothing found for “nothing like it”.').waitFor();
    await page.reload();
    await row(page, 'Hour 104').waitFor();
    // Words of the text find it too.
    await page.locator('#find').fill('crew antwerp');
    await row(page, 'A barge from Rotterdam is late').waitFor();
    expect(await page.locator('#developments').getByRole('option').count()).toBe(1);
    await page.reload();
    await row(page, 'Hour 104').waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('#palette:focus').waitFor();
    await page.keyboard.type('rotterdam');
    await page
      .getByRole('dialog')
      .getByRole('option', { name: /A barge from Rotterdam/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A barge from Rotterdam is late' }).waitFor();
    await close();
  });

  test('an editor retracts with a reason and pins by keyboard, and the list shows both', async () => {
    const { page, close } = await sitDown('ada');
    await write(page, 'A rumour goes round');
    await page.keyboard.press('Control+Enter');
    await row(page, 'A rumour goes round').waitFor();
    await page.keyboard.press('Alt+L');
    await page.keyboard.press('Home');
    await page.keyboard.press('p');
    await row(page, 'A rumour goes round').getByText('pinned').waitFor();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Retract' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Nobody confirms it.');
    await page.keyboard.press('Control+Enter');
    await row(page, 'A rumour goes round').getByText('retracted').waitFor();
    await close();
  });

  test('the token is in no request address and disappears from the address bar', async () => {
    const { page, requests, close } = await sitDown('ada');
    expect(requests.filter(url => url.includes('token'))).toEqual([]);
    expect(page.url()).not.toContain('token');
    const origins = new Set(requests.map(url => new URL(url).origin));
    expect([...origins].sort()).toEqual([newsroom.editors[0]!.url, newsroom.reader!.url].sort());
    await close();
  });

  test('an editor amends an actor from the palette, and the new alias finds the actor at once', async () => {
    const editor = await newsroom.as(['editor']);
    const { actors } = (await editor.get('/actors?limit=500')).body as { actors: { id: string; name: string }[] };
    const { id } = actors.find(({ name }) => name.startsWith('Jonas'))!;
    // The desk's answer then has more fields than an amendment takes.
    const proposal = await editor.post(`/actors/${id}/propose-takedown`, { ground: 'privacy', reason: 'He asked.' });
    expect(proposal.status).toBe(201);
    const { page, close } = await sitDown('ada');
    await pick(page, 'amend actor jonas');
    const dialog = page.getByRole('dialog', { name: /^Amend Jonas/ });
    await dialog.getByRole('textbox', { name: 'Aliases' }).fill('The Challenger');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('#draft-content-body').focus();
    await page.keyboard.type('@challenger');
    await page.getByRole('listbox', { name: 'Offers' }).getByRole('option', { name: /Jonas/ }).waitFor();
    const withdraw = `/actors/${id}/proposals/${proposal.body.commit}/withdraw`;
    expect((await editor.post(withdraw, { reason: 'He agreed.' })).status).toBe(201);
    await close();
  });

  test('the desk links to the story on the site, and says that readers see everything', async () => {
    const { page, close } = await sitDown('ada');
    const site = page.getByRole('banner').getByRole('link', { name: 'View on site' });
    expect(await site.getAttribute('href')).toBe(`${newsroom.reader!.url}/s/${story.id}`);
    expect(await page.locator('.status').innerText()).toMatch(/Desk\s+connected\s+Readers\s+see everything/);
    await close();
  });

  test('the desk without a token asks for one, and accepts a pasted one', async () => {
    const address = await newsroom.deskOf(story.id);
    const [url, token] = address.split('#token=') as [string, string];
    const { page, close } = await openPage(browser, url);
    await page.getByLabel('Token').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('This token is not valid, or it has expired. Ask for a new one.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: story.title }).waitFor();
    await close();
  });

  test.each<[string, How]>([
    ['light', {}],
    ['dark', { theme: 'dark' }],
    ['on a phone', { width: 360 }],
  ])('sign-in and the list of stories look like the readers’ pages: %s', async (name, how) => {
    const looks = (page: Page) =>
      page.evaluate(`(() => {
        const of = element => getComputedStyle(document.querySelector(element));
        const { fontFamily, fontSize, fontWeight, color } = of('h1');
        const left = element => document.querySelector(element).getBoundingClientRect().left;
        const placed = [left('h1'), left('.wordmark')];
        return { placed, fontFamily, fontSize, fontWeight, color, paper: of('body').backgroundColor, wordmark: of('.wordmark').fontFamily };
      })()`);
    const readers = await openPage(browser, `${newsroom.reader!.url}/s`, how);
    const expected = await looks(readers.page);
    await readers.close();
    const [url, token] = (await newsroom.deskOf('')).replace('/desk/', '/desk').split('#token=') as [string, string];
    const { page, faults, close } = await openPage(browser, url, { ...how, still: true });
    await page.getByRole('heading', { name: 'Sign in to the desk' }).waitFor();
    expect(await looks(page)).toEqual(expected);
    expect(await axeFindings(page)).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/desk-sign-in-${name.replaceAll(' ', '-')}.png`, false);
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: story.title }).waitFor();
    expect(await looks(page)).toEqual(expected);
    expect(await axeFindings(page)).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/desk-stories-${name.replaceAll(' ', '-')}.png`, false);
    expect(faults).toEqual([]);
    await close();
  });

  test.each<[string, How]>([
    ['light', {}],
    ['dark', { theme: 'dark' }],
    ['on a phone', { width: 360 }],
  ])('axe finds nothing and the desk fits its window: %s', async (name, how) => {
    const { page, faults, close } = await sitDown('ada', { still: true, ...how });
    await page.locator('#developments').getByRole('option').nth(2).click();
    await openForm(page, 'statement');
    await page.getByRole('combobox', { name: 'Speaker' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const [wide, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ];
    expect(wide).toBeLessThanOrEqual(room);
    await page.getByRole('button', { name: 'Do …' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(faults).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/desk-${name.replaceAll(' ', '-')}.png`, false);
    await close();
  });
});

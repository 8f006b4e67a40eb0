import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { madeMp3, madeWebm } from '../../libs/recordings/src/testing/made.js';
import { axeFindings, describeInBrowser, launch, screenshot } from '../harness/browser.js';
import { row, sitDown } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';

const screens = process.env.SCREENS;
let shade = 0;
const photo = () =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: { r: 40 + 9 * shade++, g: 90, b: 140 } } })
    .jpeg()
    .withExif({ IFD0: { Artist: 'Ann Example' } })
    .toBuffer();

/** A desk with a draft, and the newest entry that readers see. */
interface AtDesk {
  readonly page: Page;
  readonly media: Locator;
  latest(): Promise<unknown>;
}

/** Sits down at the desk of a story of its own. The desk may report refusals, which the tests are about, and no other fault. */
async function atDesk(look: (desk: AtDesk) => Promise<void>): Promise<void> {
  const newsroom = await TestNewsroom.open({ desk: true });
  const browser = await launch();
  try {
    const ann = await newsroom.as(['editor'], 0, 'ann');
    await ann.post('/stories', { id: 'quay', title: 'The quay', zone: 'UTC', language: 'en' });
    const { page, faults, close } = await sitDown(browser, newsroom, 'quay', 'ada', { still: true });
    await page.locator('#draft-content-body').fill('The crane has fallen.');
    const media = page.getByRole('group', { name: 'Pictures and recordings' });
    const latest = async () => (await newsroom.readers.get('/stories/quay/timeline?limit=1')).body.entries[0];
    await look({ page, media, latest });
    expect(faults.filter(text => !/ 422 /.test(text))).toEqual([]);
    await close();
  } finally {
    await browser.close();
    await newsroom.close();
  }
}

/** Corrects the words of the post, and nothing else. */
async function correctWords(page: Page, to: string): Promise<void> {
  await page.getByRole('button', { name: /^Correct/ }).click();
  await page.getByRole('textbox', { name: 'What was wrong' }).fill('The word.');
  await page.getByRole('textbox', { name: 'Why' }).fill('It leans.');
  await page.locator('#draft-content-body').fill(to);
  await page.keyboard.press('Control+Enter');
  await row(page, to.replace(/\.$/, '')).getByText('corrected').waitFor();
}

describeInBrowser('pictures at the desk', () => {
  test('they are chosen, pasted and dropped, get their texts, and stay in a correction of the words', () =>
    atDesk(async ({ page, media, latest }) => {
      const file = async (name: string) => ({ name, mimeType: 'image/jpeg', buffer: await photo() });
      const choose = media.locator('input[type=file]');
      // A phone offers its camera for images, and without `capture` its album too.
      expect([await choose.getAttribute('accept'), await choose.getAttribute('capture')]).toEqual([
        expect.stringMatching(/^image\/\*,/),
        null,
      ]);
      await choose.setInputFiles([await file('one.jpg'), await file('two.jpg')]);
      const one = media.getByRole('group', { name: 'Picture 1' });
      await media.getByRole('group', { name: 'Picture 2' }).locator('img').waitFor();
      // What the file says of itself is offered.
      expect(await one.getByRole('textbox', { name: 'Credit' }).inputValue()).toBe('Ann Example');
      for (const [kind, type] of [
        ['paste', 'clipboardData'],
        ['drop', 'dataTransfer'],
      ] as const) {
        const bytes = [...(await photo())];
        await page.evaluate(
          ([kind, type, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'x.jpg', { type: 'image/jpeg' }));
            const event =
              kind === 'paste'
                ? new ClipboardEvent(kind, { [type]: data, bubbles: true })
                : new DragEvent(kind, { [type]: data, bubbles: true });
            document.querySelector('#draft-content-body')!.dispatchEvent(event);
          },
          [kind, type, bytes] as const,
        );
        await media.getByRole('group', { name: kind === 'paste' ? 'Picture 3' : 'Picture 4' }).waitFor();
      }
      await media.getByRole('button', { name: 'Remove picture 4' }).click();
      await one.getByRole('textbox', { name: 'What it shows' }).fill('A crane on its side');
      await media.getByRole('group', { name: 'Picture 2' }).getByRole('checkbox').check();
      const third = media.getByRole('group', { name: 'Picture 3' });
      await third.getByRole('textbox', { name: 'Caption' }).fill('At noon');
      expect(await axeFindings(page)).toEqual([]);
      if (screens) await screenshot(page, `${screens}/desk-pictures.png`, false);
      // The third says nothing to those who cannot see it.
      await page.keyboard.press('Control+Enter');
      await third.locator('.error').waitFor();
      await third.getByRole('textbox', { name: 'What it shows' }).fill('The crane from above');
      await page.keyboard.press('Control+Enter');
      await row(page, 'The crane has fallen').locator('time').waitFor();
      const shown = [
        { alt: 'A crane on its side', credit: 'Ann Example' },
        { alt: '' },
        { alt: 'The crane from above' },
      ];
      expect(await latest()).toMatchObject({ media: shown });

      await row(page, 'The crane has fallen').click();
      // The desk shows them as readers see them, from the readers' API.
      const seen = page.locator('.readers .picture img');
      await seen.first().waitFor();
      await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.readers .picture img')?.naturalWidth);
      expect(await seen.count()).toBe(3);
      await correctWords(page, 'The crane leans.');
      expect(await latest()).toMatchObject({ media: shown, corrections: [{ wrong: 'The word.' }] });
    }));

  test('words that are pasted with a picture of them stay words', () =>
    atDesk(async ({ page, media }) => {
      const bytes = [...(await photo())];
      const paste = (types: readonly string[]) =>
        page.evaluate(
          ([types, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'x.jpg', { type: 'image/jpeg' }));
            for (const type of types) data.setData(type, '24.6');
            const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
            document.querySelector('#draft-content-body')!.dispatchEvent(event);
            return event.defaultPrevented;
          },
          [types, bytes] as const,
        );
      expect(await paste(['text/plain', 'text/html'])).toBe(false);
      expect(await paste([])).toBe(true);
      await media.getByRole('group', { name: 'Picture 1' }).waitFor();
      expect(await media.getByRole('group', { name: 'Picture 2' }).count()).toBe(0);
    }));

  test('a picture that arrives late comes into its own draft; a post that does not wait for it is asked about', () =>
    atDesk(async ({ page, media, latest }) => {
      const file = async (name: string) => ({ name, mimeType: 'image/jpeg', buffer: await photo() });
      const choose = media.locator('input[type=file]');
      let go = () => {};
      const hold = () => {
        const until = new Promise<void>(resolve => (go = resolve));
        return page.route('**/media', async route => (await until, route.continue()), { times: 1 });
      };
      await hold();
      await choose.setInputFiles([await file('late.jpg')]);
      await page.getByText('Adding 1 of 1 …').waitFor();
      await page.keyboard.press('Alt+N');
      await page.locator('#draft-content-body').fill('The harbour is open.');
      await choose.setInputFiles([await file('own.jpg')]);
      await media.getByRole('group', { name: 'Picture 1' }).waitFor();
      const own = await media.getByRole('group', { name: 'Picture 1' }).locator('img').getAttribute('src');
      // An empty form lists the drafts. The list is drawn before the picture arrives.
      await page.keyboard.press('Alt+N');
      const left = page.getByRole('button', { name: /^Continue the draft of .*The crane has fallen/ });
      await left.waitFor();
      const arrived = page.waitForResponse('**/media');
      go();
      await arrived;
      await page.waitForFunction(() =>
        Object.values(localStorage).some(draft => /The crane has fallen.*ticket/.test(draft as string)),
      );
      expect(await media.getByRole('group', { name: 'Picture 1' }).count()).toBe(0);
      await left.click();
      await media.getByRole('group', { name: 'Picture 1' }).locator('img').waitFor();
      expect(await media.getByRole('group', { name: 'Picture 1' }).locator('img').getAttribute('src')).not.toBe(own);
      await media.getByRole('group', { name: 'Picture 1' }).getByRole('checkbox').check();

      await hold();
      await choose.setInputFiles([await file('later.jpg')]);
      await page.getByText('Adding 1 of 1 …').waitFor();
      await page.locator('#draft-content-body').press('Control+Enter');
      await page.getByText('still being added. Post again to publish without it.').waitFor();
      await page.locator('#draft-content-body').press('Control+Enter');
      await page.getByText(/^Published without what was still being added, \d\d:\d\d\.$/).waitFor();
      go();
      expect(((await latest()) as { media: object[] }).media).toHaveLength(1);
    }));

  test('a picture that is added while a post is being sent comes into the next one', () =>
    atDesk(async ({ page, media, latest }) => {
      let [answer, send] = [() => {}, () => {}];
      const answered = new Promise<void>(resolve => (answer = resolve));
      const sent = new Promise<void>(resolve => (send = resolve));
      await page.route('**/developments', async route => {
        if (route.request().method() === 'POST') await answered;
        await route.continue();
      });
      await page.route('**/media', async route => (await sent, route.continue()));
      await page.locator('#draft-content-body').press('Control+Enter');
      await page.getByRole('button', { name: 'Sending …' }).waitFor();
      const file = { name: 'next.jpg', mimeType: 'image/jpeg', buffer: await photo() };
      await media.locator('input[type=file]').setInputFiles([file]);
      await page.getByText('Adding 1 of 1 …').waitFor();
      answer();
      await page.getByText(/^Published, \d\d:\d\d\.$/).waitFor();
      send();
      await media.getByRole('group', { name: 'Picture 1' }).locator('img').waitFor();
      expect(await page.locator('#draft-content-body').inputValue()).toBe('');
      expect(((await latest()) as { media?: object[] }).media ?? []).toEqual([]);
    }));

  test('a video gets a poster of its own and captions, a sound needs a picture, and both stay in a correction', () =>
    atDesk(async ({ page, media, latest }) => {
      const video = await madeWebm({ width: 640, height: 360 });
      const bytes = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });
      const add = media.locator('label').filter({ hasText: '+ Picture' }).locator('input');
      // A file that was cut is refused in words.
      await add.setInputFiles([bytes('cut.webm', 'video/webm', video.subarray(0, -50))]);
      await media.getByText('cut.webm: The recording is incomplete.').waitFor();
      await add.setInputFiles([bytes('crane.webm', 'video/webm', video)]);
      const one = media.getByRole('group', { name: 'Recording 1' });
      // The poster is a frame of it.
      await one.locator('img').waitFor();
      await one.getByText('Video, 0:02 min').waitFor();
      const within = (label: string) => one.locator('label').filter({ hasText: label }).locator('input');
      const words = Buffer.from('WEBVTT\n\n00:00.000 --> 00:02.000\nLook out!\n');
      await within('Add captions').setInputFiles([bytes('crane.vtt', 'text/vtt', words)]);
      await one.getByRole('button', { name: 'Remove captions' }).waitFor();
      await one.getByRole('textbox', { name: 'What it shows' }).fill('A crane falls');
      await add.setInputFiles([bytes('siren.mp3', 'audio/mpeg', madeMp3(5))]);
      const two = media.getByRole('group', { name: 'Recording 2' });
      await two.getByRole('textbox', { name: 'What it shows' }).fill('A siren');
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await two.getByText('Choose a picture: readers see it').waitFor();
      if (screens) await screenshot(page, `${screens}/desk-video.png`, false);
      if (screens) {
        await page.setViewportSize({ width: 412, height: 844 });
        await one.scrollIntoViewIfNeeded();
        await screenshot(page, `${screens}/desk-video-phone.png`, false);
        await page.setViewportSize({ width: 1180, height: 844 });
      }
      const cover = two.locator('label').filter({ hasText: 'Choose a poster' }).locator('input');
      await cover.setInputFiles([bytes('cover.jpg', 'image/jpeg', await photo())]);
      await two.locator('img').waitFor();
      await page.keyboard.press('Control+Enter');
      await row(page, 'The crane has fallen').locator('time').waitFor();
      const shown = [
        { alt: 'A crane falls', recording: { type: 'video/webm', captions: { file: expect.any(String) } } },
        { alt: 'A siren', recording: { type: 'audio/mpeg' } },
      ];
      expect(await latest()).toMatchObject({ media: shown });
      await row(page, 'The crane has fallen').click();
      await page.locator('.readers .picture video').waitFor();
      await correctWords(page, 'The crane leans.');
      expect(await latest()).toMatchObject({ media: shown });
    }));
});

import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { kindShapes } from '../kinds.js';
import { pageContext, PageContextProvider } from '../page-context.js';
import type { MediumView } from '../view.js';
import { Pictures } from './pictures.js';

const of = pageContext({ story: 'talks', language: 'en', zone: 'UTC', kinds: kindShapes });
const medium: MediumView = {
  ...{ picture: 'a'.repeat(64), alt: 'A crane', caption: 'The crane.', credit: 'Ann Example' },
  ...{ width: 60, height: 40, colour: '#224466' },
  sources: [{ href: '/media/x', type: 'image/jpeg', width: 60, height: 40 }],
};
const htmlWith = (more: Partial<MediumView>) =>
  renderToString(
    <PageContextProvider.Provider value={of}>
      <Pictures of={[{ ...medium, ...more }]} />
    </PageContextProvider.Provider>,
  );
const caption = (credentials?: MediumView['credentials']) =>
  /<figcaption>(.*)<\/figcaption>/
    .exec(htmlWith(credentials ? { credentials } : {}))![1]!
    .replace(/<[^>]*>/g, '')
    .trim();

test('a picture without content credentials says nothing of any', () => {
  expect(caption()).toBe('The crane. Ann Example');
});

test('the caption says who signed a picture’s original, when and with what, and what was done to it', () => {
  const found = {
    ...{ state: 'trusted' as const, signer: 'Example Agency', signed: '2026-11-28T09:00:00.000Z', tool: 'Camera 2' },
    actions: ['created', 'cropped', 'adjustedColor', 'color_adjustments', 'somethingNew'],
  };
  expect(caption(found)).toBe(
    'The crane. Ann Example The original’s content credentials were signed by Example Agency, on 28 November 2026, with Camera 2. ' +
      'Edited: cropped, colours adjusted.',
  );
});

test('it says that nobody vouches for the signer, and that a model made the picture', () => {
  expect(caption({ state: 'valid', signer: 'Someone', generated: true })).toBe(
    'The crane. Ann Example The original’s content credentials were signed in the name of Someone, whose identity nobody here has checked. ' +
      'A generative model made it, or a part of it.',
  );
});

test('a picture is cut around the point that its editor chose, if it is higher than 5:4', () => {
  const cut = { focus: { x: 48, y: 7 }, width: 800 };
  expect(htmlWith({ ...cut, height: 1_600 })).toContain('<div class="is-cut y1">');
  expect(htmlWith({ ...cut, height: 1_001 })).toContain('is-cut');
  expect(htmlWith({ ...cut, height: 1_000 })).not.toContain('is-cut');
});

test('a picture is shown whole, however high it is, where no point was chosen', () =>
  expect(htmlWith({ width: 800, height: 1_600 })).not.toContain('is-cut'));

const recording = { file: 'r', href: '/media/r', type: 'video/mp4', size: 9, lasts: 3_725_400 };
const read = { captions: { file: 'c', href: '/media/c' } };

test('a video has its shape and its poster before anything of it is loaded, and its captions', () => {
  const html = htmlWith({ recording: { ...recording, width: 1_280, height: 720, ...read } });
  expect(html).toContain('<video controls preload="none" aria-label="A crane" crossorigin="anonymous" playsinline');
  expect(html).toContain('poster="/media/x" width="1280" height="720"><source src="/media/r" type="video/mp4"/>');
  expect(html).toContain('<track kind="captions" src="/media/c" label="Captions" default/></video>');
  expect(html).toContain('<time datetime="PT1H2M5.4S">1:02:05 </time>');
});

test('a sound has a player under its picture, and says once what it is', () => {
  const html = htmlWith({ recording: { ...recording, lasts: 65_000, type: 'audio/mpeg' } });
  expect(html).toContain('<audio controls preload="none" aria-label="A crane" crossorigin="anonymous"><source src=');
  expect(html).toContain('>1:05 </time>');
  expect(html).not.toContain('alt="A crane"');
  expect(html).not.toContain('<track');
});

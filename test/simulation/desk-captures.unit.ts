import { CaptureError, CaptureProofs } from '#captures/ask';
import { devToken } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import request from 'supertest';
import { LinkCaptures } from '../../apps/editor-api/src/captures/captures.js';
import { DeskApp } from './desk-app.fixture.js';

const secret = 'a secret of at least 32 characters';
const asked: string[] = [];
/** What titles of pages begin with since they changed, by their addresses. */
const titles = new Map<string, string>();
/** A fetcher, as far as the editor-api sees it. */
const fetcher = {
  capture: async (url: string) => {
    asked.push(url);
    if (url.includes('gone') || titles.get(url) === 'gone') throw new CaptureError('capture-gone', 'status 404');
    if (url.includes('busy')) throw new CaptureError('captures-busy');
    return {
      url,
      title: `${titles.get(url) ?? 'Title'} of ${url}`,
      text: 'They left at six.',
      sources: ['html' as const],
      ...(pictureOf.has(url) && { picture: `${url}/picture`, alt: 'A crane' }),
    };
  },
  picture: async (url: string) => {
    const bytes = pictureOf.get(url.replace(/\/picture$/, ''));
    if (bytes instanceof Error) throw bytes;
    return bytes!;
  },
};
/** The pictures that pages name, or why they are not given, by the pages' addresses. */
const pictureOf = new Map<string, Buffer | Error>();
const made = (background: string) =>
  sharp({ create: { width: 800, height: 400, channels: 3, background } })
    .png()
    .toBuffer();

const api = new DeskApp();
const { get, post } = api;
beforeAll(async () => {
  api.captures = new LinkCaptures(fetcher, new CaptureProofs(secret));
  await api.open();
});
afterAll(() => api.close());

const captures = '/stories/count/captures';
const path = '/stories/count/developments';
const captured = async (url: string) => (await post(captures, { url }).expect(200)).body;
const content = (more: object) => ({ kind: 'update', body: 'They left.', ...more });
const wholly = (more: object) => ({
  ...content(more),
  ...{ data: {}, occurred: { precision: 'unknown' }, modality: { mode: 'asserted' } },
  sourcing: { basis: 'desk', standing: 'reported' },
});
const again = async (url: string) => (await post(`${captures}/again`, { url }).expect(200)).body;
const refusal = { status: 422, body: { code: 'invalid-field', errors: [{ field: 'content.captures.0.proof' }] } };

describe('capturing', () => {
  test('the answer is the page, the moment and the newsroom’s proof', async () => {
    const made = await captured('https://news.example/a');
    expect(made).toEqual({
      url: 'https://news.example/a',
      title: 'Title of https://news.example/a',
      text: 'They left at six.',
      sources: ['html'],
      noPicture: 'none',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      proof: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('a refusal says what is wrong, and who is at fault', async () => {
    const gone = await post(captures, { url: 'https://news.example/gone' });
    expect(gone).toMatchObject({ status: 422, body: { code: 'capture-gone' } });
    const busy = await post(captures, { url: 'https://news.example/busy' });
    expect(busy).toMatchObject({ status: 503, body: { code: 'captures-busy' } });
  });

  test('only for a story that is there, and for its people', async () => {
    const before = asked.length;
    await post('/stories/nowhere/captures', { url: 'https://news.example/' }).expect(404);
    await request(api.url).post(captures).send({ url: 'https://news.example/' }).expect(401);
    const auditor = await devToken(api.settings, { id: 'au', name: 'Au', roles: ['auditor'] });
    const headers = { Authorization: `Bearer ${auditor}` };
    await post(captures, { url: 'https://news.example/' }, headers).expect(403);
    expect(asked.length).toBe(before);
  });

  test('a newsroom without a fetcher says so, and takes no captures', async () => {
    const alone = new DeskApp();
    await alone.open();
    try {
      const answer = await alone.post(captures, { url: 'https://news.example/' });
      expect(answer).toMatchObject({ status: 422, body: { code: 'no-fetcher' } });
      const made = await captured('https://news.example/a');
      expect(await alone.post(path, { content: content({ captures: [made] }) })).toMatchObject(refusal);
    } finally {
      await alone.close();
    }
  });
});

describe('a development with captures', () => {
  test('keeps them, under embargo too, and again where the same command is sent twice', async () => {
    const made = await captured('https://news.example/a');
    const sent = { content: content({ captures: [made] }), embargo: {} };
    const key = { 'Idempotency-Key': 'captured-1' };
    const { development } = (await post(path, sent, key).expect(201)).body;
    expect((await get(`${path}/${development}/content`)).body.content.captures).toEqual([made]);
    expect((await post(path, sent, key)).body.development).toBe(development);
  });

  test('is refused with a capture that nobody made, or that was changed', async () => {
    const made = await captured('https://news.example/a');
    const forged = { ...made, title: 'They quarrelled' };
    expect(await post(path, { content: content({ captures: [forged] }) })).toMatchObject(refusal);
    expect(await post(path, { content: content({ captures: [{ ...made, proof: 'p'.repeat(43) }] }) })).toMatchObject(
      refusal,
    );
  });

  test('is corrected: captures of before pass unchanged, even after the secret was replaced; new ones are proven', async () => {
    const made = await captured('https://news.example/a');
    const old = new CaptureProofs('the former secret, of 32 characters').proven(
      { url: 'https://old.example/', title: 'Old', sources: ['html'] },
      '2026-01-01T00:00:00Z',
    );
    const { development } = (await post(path, { content: content({ captures: [made] }), embargo: {} })).body;
    const correct = (all: object[]) =>
      post(`${path}/${development}/correct`, { content: wholly({ captures: all }), wrong: 'A.', reason: 'B.' });
    expect(await correct([old])).toMatchObject(refusal);
    const other = await captured('https://news.example/b');
    await correct([made, other]).expect(201);
    expect((await get(`${path}/${development}/content`)).body.content.captures).toEqual([made, other]);
    // As if the secret had been another one when it was captured.
    Object.assign(api.captures!, { proofs: new CaptureProofs('the next secret, of 32 characters at least') });
    await correct([other]).expect(201);
    expect(await correct([made])).toMatchObject(refusal);
    Object.assign(api.captures!, { proofs: new CaptureProofs(secret) });
  });

  test('a minor edit leaves them', async () => {
    const made = await captured('https://news.example/a');
    const sent = content({ body: 'The goverment has resigned.', captures: [made] });
    const { development } = (await post(path, { content: sent, embargo: {} })).body;
    await post(`${path}/${development}/edit`, { body: 'The government has resigned.' }).expect(201);
    expect((await get(`${path}/${development}/content`)).body.content.captures).toEqual([made]);
  });

  test('the preview shows them', async () => {
    const made = await captured('https://news.example/a');
    expect((await post('/preview', { content: content({ captures: [made] }) })).body.entry.captures).toEqual([made]);
  });
});

describe('a page that is captured again', () => {
  const url = 'https://news.example/changing';
  const posted = async (more: object = {}) => {
    titles.delete(url);
    const first = await captured(url);
    const { development } = (await post(path, { content: content({ captures: [first] }), ...more }).expect(201)).body;
    return { first, on: `${path}/${development}` };
  };
  const recapture = (on: string, all: object[]) => post(`${on}/recapture`, { captures: all });
  const shown = async (on: string) => (await get(`${on}/content`)).body.content.captures;

  test('is kept beside the page as it was, with what it says now, and is kept once', async () => {
    const { first, on } = await posted({ embargo: {} });
    titles.set(url, 'Another title');
    const later = await again(url);
    expect(later).toMatchObject({ title: `Another title of ${url}`, sources: ['html'] });
    expect(later).not.toHaveProperty('url');
    const made = await recapture(on, [{ ...first, again: later }]).expect(201);
    expect(made.body.events).toEqual([{ type: 'DevelopmentRecaptured', development: expect.any(String) }]);
    expect(await shown(on)).toEqual([{ ...first, again: later }]);
    await recapture(on, [{ ...first, again: later }]).expect(200);
  });

  test('may be gone, and its proof proves nothing else', async () => {
    const { first, on } = await posted({ embargo: {} });
    titles.set(url, 'gone');
    const gone = await again(url);
    expect(gone).toEqual({ gone: true, at: expect.any(String), proof: expect.stringMatching(/^[\w-]{43}$/) });
    await recapture(on, [{ ...first, again: gone }]).expect(201);
    expect(await shown(on)).toEqual([{ ...first, again: gone }]);
    titles.delete(url);
    const other = await captured('https://news.example/other');
    const { development } = (await post(path, { content: content({ captures: [other] }), embargo: {} })).body;
    const forged = await recapture(`${path}/${development}`, [{ ...other, again: gone }]);
    expect(forged).toMatchObject({ status: 422, body: { errors: [{ field: 'captures.0.again.proof' }] } });
  });

  test('is refused where it was changed, or is not what the development shows', async () => {
    const { first, on } = await posted({ embargo: {} });
    const later = { ...(await again(url)), title: 'They quarrelled' };
    const forged = await recapture(on, [{ ...first, again: later }]);
    expect(forged).toMatchObject({ status: 422, body: { errors: [{ field: 'captures.0.again.proof' }] } });
    const other = await captured('https://news.example/other');
    expect(await recapture(on, [other])).toMatchObject({ status: 422, body: { errors: [{ field: 'captures.0' }] } });
  });

  test('stays with its proof in a correction, even after the secret was replaced', async () => {
    const { first, on } = await posted({ embargo: {} });
    const later = await again(url);
    await recapture(on, [{ ...first, again: later }]).expect(201);
    Object.assign(api.captures!, { proofs: new CaptureProofs('the next secret, of 32 characters at least') });
    const correct = (all: object[]) =>
      post(`${on}/correct`, { content: wholly({ body: 'They stay.', captures: all }), wrong: 'A.', reason: 'B.' });
    const forged = await correct([{ ...first, again: { ...later, title: 'They quarrelled' } }]);
    expect(forged).toMatchObject({ status: 422, body: { errors: [{ field: 'content.captures.0.again.proof' }] } });
    await correct([{ ...first, again: later }]).expect(201);
    Object.assign(api.captures!, { proofs: new CaptureProofs(secret) });
  });

  test('any other refusal of its site changes nothing', async () => {
    const busy = await post(`${captures}/again`, { url: 'https://news.example/busy' });
    expect(busy).toMatchObject({ status: 503, body: { code: 'captures-busy' } });
  });
});

describe('the picture of a captured page', () => {
  const url = 'https://news.example/pictured';
  const small = (ticket: string) => post(`${captures}/picture`, { ticket });

  test('is kept with its text, shown by its ticket, posted, and shown again without it', async () => {
    pictureOf.set(url, await made('#224466'));
    const first = await captured(url);
    expect(first).toMatchObject({
      picture: { alt: 'A crane', picture: expect.any(String), ticket: expect.any(String) },
    });
    const copy = await small(first.picture.ticket).expect(200).expect('content-type', 'image/webp');
    expect(await sharp(copy.body).metadata()).toMatchObject({ format: 'webp', width: 320, height: 160 });
    expect(await small('a.b')).toMatchObject({ status: 422, body: { code: 'no-picture' } });
    const preview = await post('/preview', { content: content({ captures: [first] }) }).expect(200);
    const { ticket, ...named } = first.picture;
    expect(preview.body.entry.captures).toEqual([{ ...first, picture: { ...named, sources: [] } }]);

    const { development } = (await post(path, { content: content({ captures: [first] }), embargo: {} }).expect(201))
      .body;
    const on = `${path}/${development}`;
    expect((await get(`${on}/content`)).body.content.captures).toEqual([{ ...first, picture: named }]);
    const wrong = { ...first, picture: { ...first.picture, alt: 'Another text' } };
    expect(await post(path, { content: content({ captures: [wrong] }) })).toMatchObject(refusal);

    pictureOf.set(url, await made('#ff0000'));
    const later = await again(url);
    expect(later.picture.sha256).not.toBe(named.sha256);
    const twice = [{ ...first, picture: named, again: later }];
    await post(`${on}/recapture`, { captures: twice }).expect(201);
    const { ticket: _, ...latest } = later.picture;
    const shown = [{ ...first, picture: named, again: { ...later, picture: latest } }];
    expect((await get(`${on}/content`)).body.content.captures).toEqual(shown);
    const sent = { content: wholly({ body: 'They stay.', captures: shown }), wrong: 'A.', reason: 'B.' };
    await post(`${on}/correct`, sent).expect(201);
    expect(ticket).toEqual(expect.any(String));
  });

  test.each([
    ['gone', new CaptureError('capture-gone')],
    ['too-large', new CaptureError('capture-too-large')],
    ['not-given', new CaptureError('capture-private')],
    ['not-given', new CaptureError('capture-too-slow')],
    ['unreadable', new CaptureError('capture-type')],
    ['unreadable', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['not-kept', new CaptureError('fetcher-unreachable')],
  ])('that cannot be kept is no reason to refuse the page, which says why: %s', async (noPicture, picture) => {
    pictureOf.set(url, picture);
    const page = await captured(url);
    expect(page).toMatchObject({ title: `Title of ${url}`, noPicture });
    expect(page).not.toHaveProperty('picture');
    await post(path, { content: content({ captures: [page] }), embargo: {} }).expect(201);
  });
});

import { CaptureError, CaptureProofs } from '#captures/ask';
import { devToken } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { LinkCaptures } from '../../apps/editor-api/src/captures/captures.js';
import { DeskApp } from './desk-app.fixture.js';

const secret = 'a secret of at least 32 characters';
const asked: string[] = [];
/** A fetcher, as far as the editor-api sees it. */
const fetcher = {
  capture: async (url: string) => {
    asked.push(url);
    if (url.includes('gone')) throw new CaptureError('capture-gone', 'status 404');
    if (url.includes('busy')) throw new CaptureError('captures-busy');
    return { url, title: `Title of ${url}`, text: 'They left at six.', sources: ['html' as const] };
  },
};

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
const refusal = { status: 422, body: { code: 'invalid-field', errors: [{ field: 'content.captures.0.proof' }] } };

describe('capturing', () => {
  test('the answer is the page, the moment and the newsroom’s proof', async () => {
    const made = await captured('https://news.example/a');
    expect(made).toEqual({
      url: 'https://news.example/a',
      title: 'Title of https://news.example/a',
      text: 'They left at six.',
      sources: ['html'],
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

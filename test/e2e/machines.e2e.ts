import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { axeFindings, describeInBrowser, launch, openPage, screenshot, type How } from '../harness/browser.js';
import { Client, type Answer } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

const pictures = process.env.SCREENS;
/** Few, so that none is given back while the requests of a test are on their way. */
const failedPerMinute = 6;
const hourMs = 3_600_000;

let newsroom: TestNewsroom;
let editor: Client;
let folder: string;

beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 0, projector: false, reader: false });
  await newsroom.startEditors(1);
  await newsroom.startEditors(1, { FAILED_SIGN_INS_PER_MINUTE: String(failedPerMinute), LOG_LEVEL: 'trace' });
  folder = await mkdtemp(join(tmpdir(), 'machines-'));
  editor = await newsroom.as(['editor'], 0, 'ada');
  for (const id of ['flood', 'storm'])
    expect((await editor.post('/stories', { id, title: id, zone: 'UTC' })).status).toBe(201);
});
afterAll(async () => {
  await newsroom?.close();
  await rm(folder, { recursive: true, force: true });
});

const update = { content: { kind: 'update', body: 'The water is rising.' } };
const inAnHour = () => new Date(Date.now() + hourMs).toISOString();
const as = (token: string, at = 0) => new Client(newsroom.editors[at]!.url, { Authorization: `Bearer ${token}` });

async function make(
  acts: readonly string[],
  story = 'flood',
  more: object = {},
): Promise<{ id: string; token: string }> {
  const made = await editor.post(`/stories/${story}/machines`, { name: 'Gauge', acts, expires: inAnHour(), ...more });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}
const grantable = async () =>
  ((await editor.get('/stories/flood/machines')).body.acts as { act: string }[]).map(({ act }) => act);

test('a program posts with its token, and the log names it and not its maker', async () => {
  const { id, token } = await make(['record-development']);
  const posted = await as(token).post('/stories/flood/developments', update);
  expect([posted.status, posted.body.by]).toEqual([201, { id: `machine:${id}`, name: 'Gauge' }]);
  expect((await as(token).get(`/commands/${posted.body.command}`)).status).toBe(200);
  expect((await as(token).get('/me')).body).toMatchObject({ id: `machine:${id}`, may: ['record-development'] });
  const { machines } = (await editor.get('/stories/flood/machines')).body;
  expect(machines[0]).toMatchObject({ id, by: { id: 'ada' }, acts: ['record-development'], revoked: null });
  expect(Date.now() - Date.parse(machines[0].used)).toBeLessThan(hourMs);
});

test('no token is for what takes two people, and none lasts more than a year', async () => {
  const acts = await grantable();
  expect(acts).toContain('record-development');
  expect(acts.filter(act => /propose|approv|withdraw|takedown|^open-story|actor/.test(act))).toEqual([]);
  const refused = async (more: object) =>
    (await editor.post('/stories/flood/machines', { name: 'x', acts: ['close-story'], expires: inAnHour(), ...more }))
      .status;
  const days = (count: number) => new Date(Date.now() + count * 24 * hourMs).toISOString();
  expect(await refused({ acts: ['approve-proposal'] })).toBe(422);
  expect(await refused({ acts: [] })).toBe(422);
  expect(await refused({ expires: days(366.1) })).toBe(422);
  expect(await refused({ expires: days(-1) })).toBe(422);
  expect(await refused({ expires: days(365.9) })).toBe(201);
  expect((await editor.post('/stories/none/machines', { name: 'x', acts, expires: inAnHour() })).status).toBe(404);
});

test('a revoked token is refused within a second in every process', async () => {
  const { id, token } = await make(['pin-development']);
  const statuses = async () => Promise.all([0, 1].map(async at => (await as(token, at).get('/me')).status));
  expect(await statuses()).toEqual([200, 200]);
  // No request is decided on what a process read before the second.
  const revoked = await editor.post(`/stories/flood/machines/${id}/revoke`);
  expect([revoked.status, revoked.body.revoked === null]).toEqual([200, false]);
  await pause(1_000);
  expect(await statuses()).toEqual([401, 401]);
  expect((await editor.post(`/stories/storm/machines/${id}/revoke`)).status).toBe(404);
});

test('a story has so many tokens and no more', async () => {
  expect((await editor.post('/stories', { id: 'full', title: 'Full', zone: 'UTC' })).status).toBe(201);
  await newsroom.onDatabase(client =>
    client.query(
      `insert into dateline_access.machine (id, hash, story, acts, name, maker, expires)
       select gen_random_uuid(), sha256(n::text::bytea), 'full', '{pin-development}', 'x', 'ada', now() + interval '1 day' from generate_series(1, 99) n`,
    ),
  );
  const one = { name: 'x', acts: ['pin-development'], expires: inAnHour() };
  expect((await editor.post('/stories/full/machines', one)).status).toBe(201);
  expect((await editor.post('/stories/full/machines', one)).body.code).toBe('too-many');
});

test('no log line holds a token', async () => {
  const { token } = await make(['pin-development']);
  expect((await as(token, 1).get('/me')).status).toBe(200);
  await as(token, 1).post('/stories', {});
  expect(newsroom.editors[1]!.output.join('\n')).not.toContain(token);
  expect(await newsroom.everything()).not.toContain(token);
});

test('one address looks up no more wrong tokens than it may', async () => {
  const wrong = () => as(`dateline_${randomUUID()}${randomUUID()}`.slice(0, 52), 1).get('/me');
  const answers: Answer[] = [];
  for (let sent = 0; sent < failedPerMinute + 10; sent++) answers.push(await wrong());
  expect(answers.filter(({ status }) => status === 401).length).toBeLessThan(failedPerMinute + 5);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
});

describeInBrowser('the page of tokens', () => {
  test.each<[string, How]>([
    ['light', {}],
    ['dark', { theme: 'dark' }],
    ['phone', { width: 360 }],
  ])('an editor makes and revokes a token at the desk: %s', async (name, how) => {
    const browser = await launch();
    try {
      const address = (await newsroom.deskOf('storm/machines', ['editor'], 0, 'ada')).toString();
      const { page, faults } = await openPage(browser, address, { ...how, still: true });
      page.on('dialog', dialog => void dialog.accept());
      await page.getByLabel('Name of the program').fill(`Gauge ${name}`);
      await page.getByLabel('Pin').first().check();
      await page.getByLabel('Valid for').selectOption('a week');
      await page.getByRole('button', { name: 'Make a token' }).click();
      const token = await page.getByLabel('Token', { exact: true }).inputValue();
      expect((await as(token).get('/me')).body).toMatchObject({ name: `Gauge ${name}`, may: ['pin-development'] });
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('button', { name: 'I have copied it' }).click();
      expect(await page.content()).not.toContain(token);
      await page.reload();
      await page.getByRole('heading', { name: `Gauge ${name}` }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      if (pictures) await screenshot(page, `${pictures}/machines-${name}.png`);
      await page.getByRole('button', { name: `Revoke Gauge ${name}` }).click();
      await page.getByText('Revoked on').first().waitFor();
      await pause(1_000);
      expect((await as(token).get('/me')).status).toBe(401);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const [shown, secret] = [randomUUID(), randomUUID()];
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const underEmbargo = (development: string) => [
  recorded(development, meeting(['ada'], { headline: 'Not yet' })),
  on('DevelopmentEmbargoed', { development }),
];
const times: string[] = [];
let last: number;

/** Waits until the clock has moved, so that no two commits share an instant. */
const noted = async () => {
  await sleep(3);
  times.push(new Date().toISOString());
  await sleep(3);
};

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  last = await newsroom.post(stream, recorded(shown, meeting(['ada'])));
  await noted();
  // Commits that readers never see: an embargo, changes to the embargoed development, and internal approvals.
  await newsroom.post(stream, ...underEmbargo(secret));
  await noted();
  await newsroom.post(stream, on('DevelopmentMarkedKey', { development: secret }));
  await noted();
  await newsroom.post(stream, on('RetractionProposed', { development: shown, told: { reason: 'So.' }, as: 'editor' }));
  await noted();
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
const positions = async () => {
  const health = (await get('/health/ready').expect(200)).body.position;
  const asked = ['knownAt', 'visibleAt', 'happenedBy'].flatMap(name =>
    times.map(at => (name === 'happenedBy' ? 'happenedBy=2026-12-31T00:00:00Z' : `${name}=${at}`)),
  );
  const answers = await Promise.all(asked.map(query => get(`/stories/talks?${query}`).expect(200)));
  return new Set([health, ...answers.map(({ body }) => body.asOf.position)]);
};

it('a commit without anything for readers changes no position in their answers, on any clock', async () => {
  expect(newsroom.position).toBe(last + 3);
  expect(await positions()).toEqual(new Set([last]));
});

it('the position of such a commit cannot be asked for, and the refusal names the last visible position', async () => {
  await get(`/stories/talks?position=${last}`).expect(200);
  for (const position of [last + 1, last + 3, last + 4]) {
    const { text } = await get(`/stories/talks?position=${position}`).expect(422);
    expect(text).toContain(`which is ${last}`);
  }
});

it('a live stream begins at the last visible position and continues with the next visible change', async () => {
  const { body } = await fetch(`${reader.url}/stories/talks/live`);
  const stream_ = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (sign: string) => {
    while (!text.includes(sign)) text += (await stream_.read()).value ?? '';
  };
  await until('event: hello');
  expect(text).toContain(`id: ${last}\nevent: hello`);
  const lifted = await newsroom.post(stream, on('EmbargoLifted', { development: secret }));
  await until(`id: ${lifted}\nevent: change`);
  await stream_.cancel();
  expect(await get(`/stories/talks?position=${lifted - 1}`).expect(200)).toMatchObject({
    body: { asOf: { position: last }, developments: 1 },
  });
  expect((await get('/health/ready').expect(200)).body.position).toBe(lifted);
});

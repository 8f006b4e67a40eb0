import type { ReadableEntry } from '#contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

// A ferry is expected at the pier. When events happened, when the newsroom knew and when readers saw them are three
// different times.
const base = '/stories/ferry';
const ids: Record<string, string> = {};
/** Instants noted between the posts. */
const noted: Record<'planned' | 'corrected' | 'withheld' | 'told' | 'over', string> = {
  planned: '',
  corrected: '',
  withheld: '',
  told: '',
  over: '',
};
let newsroom: TestNewsroom;
let editor: Client;
let position = 0;

const content = (headline: string, from: string | undefined, more: object = {}) => ({
  kind: 'statement',
  headline,
  data: { speaker: 'skipper', quote: headline },
  occurred: from ? { from: `2026-05-01T${from}:00Z`, precision: 'minute' } : { precision: 'unknown' },
  sourcing: { basis: 'official', standing: 'reported', group: 'the harbour office' },
  modality: { mode: 'asserted' },
  ...more,
});

async function post(path: string, body: object): Promise<string> {
  const answer = await editor.post(path, body);
  if (answer.status !== 201) throw new Error(answer.text);
  ({ position } = answer.body);
  return answer.body.development;
}
const record = async (label: string, ...readIds: Parameters<typeof content>) =>
  (ids[label] = await post(`${base}/developments`, { content: content(...readIds) }));
const act = (label: string, what: string, body: object) => post(`${base}/developments/${ids[label]}/${what}`, body);

/** Waits until readers see everything, then notes an instant strictly between the earlier and the later posts. */
async function note(what: keyof typeof noted, seen: 'seen' | 'unseen' = 'seen'): Promise<void> {
  if (seen === 'seen') await newsroom.seen(position);
  await sleep(20);
  noted[what] = new Date().toISOString();
  await sleep(20);
}

beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  editor = await newsroom.as(['editor']);
  await post('/actors', { id: 'skipper', name: 'The Skiper', kind: 'person' });
  await post('/stories', { id: 'ferry', title: 'The ferry', zone: 'UTC' });
  await record('left', 'We left at nine', '09:00');
  await record('due', 'We are due at noon', '12:00');
  await note('planned');

  await act('left', 'correct', {
    content: content('We left at ten', '10:00'),
    wrong: 'The hour.',
    reason: 'Misheard.',
  });
  await note('corrected');

  await newsroom.projector!.signal('SIGKILL');
  await record('loaded', 'We had loaded by eight', '08:00');
  await act('due', 'retract', { reason: 'Nobody said so.' });
  const amended = await editor.put('/actors/skipper', { name: 'The Skipper', kind: 'person', aliases: ['The Skiper'] });
  ({ position } = amended.body);
  await note('withheld', 'unseen');

  await newsroom.startProjector();
  await note('told');
  await record('late', 'We were late', '13:00');
  await record('sometime', 'We will see', undefined);
  await note('over');
});
afterAll(() => newsroom?.close());

const ask = async (query: Record<string, string>, path = '/timeline') => {
  const parameters = new URLSearchParams({ ...query, ...(path === '/timeline' ? { order: 'story' } : {}) });
  const answer = await newsroom.readers.get(`${base}${path}?${parameters}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer;
};
/** The headlines in the timeline. A star marks a retraction. */
async function readIds(query: Record<string, string>): Promise<string[]> {
  const { body } = await ask(query);
  return body.entries.map(({ headline, status }: ReadableEntry) =>
    status === 'retracted' ? `${headline} *` : headline,
  );
}
const names = async (query: Record<string, string>) => [
  ...new Set((await ask(query)).body.entries.flatMap(({ actors }: ReadableEntry) => actors.map(({ name }) => name))),
];
const cellsOf = async (query: Record<string, string>) => {
  const { body } = await ask(query, '/actors/skipper');
  return body.cells
    .flatMap(({ citations }: { citations: { headline: string }[] }) => citations.map(c => c.headline))
    .sort();
};

// Positions: 1 the log, 2 the skipper, 3 the story, 4 left, 5 due, 6 correction, 7 loaded, 8 retraction, 9 the name, 10, 11.
describe('what readers saw (visibleAt)', () => {
  test('before the correction they saw the first hour', async () => {
    expect(await readIds({ visibleAt: noted.planned })).toEqual(['We left at nine', 'We are due at noon']);
    expect((await ask({ visibleAt: noted.planned })).body.asOf).toMatchObject({ position: 5 });
  });
  test('after the correction they saw the right hour and the correction', async () => {
    expect(await readIds({ visibleAt: noted.corrected })).toEqual(['We left at ten', 'We are due at noon']);
    expect((await ask({ visibleAt: noted.corrected })).body.entries[0].corrections).toMatchObject([
      { wrong: 'The hour.', reason: 'Misheard.' },
    ]);
    const { id } = (await ask({ visibleAt: noted.corrected })).body.entries[0];
    const history = await ask({ visibleAt: noted.corrected }, `/timeline/${id}/history`);
    expect(history.body).toMatchObject({ corrections: [{ was: { headline: 'We left at nine' } }], next: null });
  });
  test('while the projector was down they saw the earlier state with the earlier names', async () => {
    const { body } = await ask({ visibleAt: noted.withheld });
    expect(body.asOf).toMatchObject({ position: 6, visibleAt: noted.withheld });
    expect(await readIds({ visibleAt: noted.withheld })).toEqual(['We left at ten', 'We are due at noon']);
    expect(await names({ visibleAt: noted.withheld })).toEqual(['The Skiper']);
  });
  test('after the projector was back they saw everything', async () => {
    expect(await readIds({ visibleAt: noted.told })).toEqual([
      'We left at ten',
      'We are due at noon *',
      'We had loaded by eight',
    ]);
    expect(await names({ visibleAt: noted.told })).toEqual(['The Skipper']);
  });
});

describe('what the desk knew (knownAt)', () => {
  test('while the projector was down, the desk knew posts that readers did not see', async () => {
    const { body } = await ask({ knownAt: noted.withheld });
    expect(body.asOf).toMatchObject({ position: 9, knownAt: noted.withheld });
    expect(await readIds({ knownAt: noted.withheld })).toEqual([
      'We left at ten',
      'We are due at noon *',
      'We had loaded by eight',
    ]);
    expect(await cellsOf({ knownAt: noted.withheld })).toEqual(['We had loaded by eight', 'We left at ten']);
    expect(await cellsOf({ visibleAt: noted.withheld })).toEqual(['We are due at noon', 'We left at ten']);
    expect(await readIds({ knownAt: noted.withheld, visibleAt: noted.withheld })).toEqual(
      await readIds({ position: '6' }),
    );
  });
  test('after the projector was back, the desk knew the same as readers saw', async () => {
    expect(await readIds({ knownAt: noted.told })).toEqual(await readIds({ visibleAt: noted.told }));
  });
});

describe('what had happened (happenedBy), as known now', () => {
  test('by half past nine only the loading had happened, although it was recorded later', async () =>
    expect(await readIds({ happenedBy: '2026-05-01T09:30:00Z' })).toEqual(['We had loaded by eight']));
  test('by eleven the departure had happened too, at its corrected hour', async () =>
    expect(await readIds({ happenedBy: '2026-05-01T11:00:00Z' })).toEqual([
      'We left at ten',
      'We had loaded by eight',
    ]));
  test('by the evening everything had happened except what has no known time', async () =>
    expect(await readIds({ happenedBy: '2026-05-01T20:00:00Z' })).toEqual([
      'We left at ten',
      'We are due at noon *',
      'We had loaded by eight',
      'We were late',
    ]));
  test('by half past nine the departure had happened, as readers knew it before the correction', async () =>
    expect(await readIds({ happenedBy: '2026-05-01T09:30:00Z', visibleAt: noted.planned })).toEqual([
      'We left at nine',
    ]));
});

test('answers keep their bytes when they are asked for again and after Postgres was lost', async () => {
  const moments = [
    { visibleAt: noted.planned },
    { visibleAt: noted.withheld },
    { knownAt: noted.withheld },
    { visibleAt: noted.over },
    { position: '8', happenedBy: '2026-05-01T11:00:00Z' },
  ];
  const questions = moments.flatMap(moment =>
    ['', '/timeline', '/actors', '/actors/skipper'].map(path => [moment, path] as const),
  );
  const answers = async () => {
    const all = await Promise.all(questions.map(([moment, path]) => ask(moment as Record<string, string>, path)));
    return all.map(({ text, headers }) => [text, headers.get('ETag')]);
  };
  const before = await answers();
  expect(await answers()).toEqual(before);
  await newsroom.projector!.signal('SIGTERM');
  await newsroom.losePostgres();
  await newsroom.startProjector();
  await newsroom.seen(position);
  expect(await answers()).toEqual(before);
});

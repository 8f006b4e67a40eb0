import { Difference, OneStory, Page, Story } from '#contract';
import { actorStream, storyStream, type Content, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import {
  corrected,
  listeningReader,
  meeting,
  recorded,
  retracted,
  takenDown,
  TestNewsroom,
} from '../newsroom.fixture.js';
import { differenceEntries } from './difference.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const base = '/stories/talks/changes';
const ids = Array.from({ length: differenceEntries + 10 }, () => randomUUID());
const [first, second, third, hidden] = ids as [string, string, string, string];
const on = (type: string, data: object) => ({ type, data }) as unknown as OpaqueEvent;
const waits: Partial<Content> = { modality: { mode: 'conditional', conditions: [{ id: 'calm', text: 'it calms' }] } };
const point = (text: string, words: string, replaces?: string) =>
  on('KeyPointWritten', { text, ...(replaces && { replaces }), told: { words } });
const listed = (...points: [text: string, ...cites: string[]][]) =>
  on('KeyPointsSet', { points: points.map(([text, ...cites]) => ({ text, cites })) });
const [held, agreed, broke, late] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];
const secret = 'SECRET-CANARY';
let opened: number;
let lifted: number;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  opened = await newsroom.openStory('talks');
  const post = (...events: OpaqueEvent[]) => newsroom.post(stream, ...events);
  const titled = (headline: string, more: Partial<Content> = {}) => meeting(['ada'], { headline, ...more });
  await post(recorded(first, titled('One')));
  await post(recorded(second, titled('Two', waits)), on('DevelopmentMarkedKey', { development: second }));
  await post(point(held, 'Talks are held.'), point(agreed, 'All agree.'), listed([held, first], [agreed, second]));
  await post(on('DevelopmentLinked', { development: second, to: first, as: 'follows' }));
  await post(recorded(hidden, titled(secret)), on('DevelopmentEmbargoed', { development: hidden }));
  await post(corrected(first, titled('One, corrected', { byline: [{ name: 'Ada' }] }), 'The name.', 'A slip.'));
  await newsroom.post(
    actorStream('ada'),
    on('ActorAmended', { name: 'Ada Berg', kind: 'person', aliases: [], affiliations: [] }),
  );
  await post(on('ConditionSettled', { condition: 'calm', fate: 'met', reason: 'Flat sea.', development: first }));
  await post(recorded(third, titled('Three')), on('DevelopmentSuperseded', { development: first, by: third }));
  await post(point(late, 'Talks ran late.'), listed([late, third], [agreed, second], [held, first]));
  await post(retracted(third, 'No.'), on('DevelopmentReinstated', { development: first, retracted: third }));
  lifted = await post(
    on('EmbargoLifted', {
      development: hidden,
    }),
  );
  await post(point(broke, 'Talks broke down.', agreed), listed([broke, second, first], [late, third]));
  await newsroom.postAll(ids.slice(4).map((id, n) => ({ stream, events: [recorded(id, titled(`Update ${n}`))] })));
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);

/** Every part of a difference. */
async function parts(path: string): Promise<Difference[]> {
  const found: Difference[] = [];
  for (let next: string | null = path; next; next = found.at(-1)!.next)
    found.push(Difference.strict().parse((await get(next).expect(200)).body));
  return found;
}

/** The timeline at a position, in story order; none before the story was opened. */
async function timelineAt(position: number): Promise<Page['entries']> {
  if (position < opened) return [];
  const path = `/stories/talks/timeline?position=${position}&order=story&limit=200`;
  const { entries, next } = Page.parse((await get(path).expect(200)).body);
  expect(next).toBeNull();
  return entries;
}

/** The story's header and key points at a position. */
async function storyAt(position: number) {
  if (position < opened) return { header: undefined, points: [] };
  const story = OneStory.parse((await get(`/stories/talks?position=${position}`).expect(200)).body);
  return { header: Story.parse(story), points: story.keyPoints };
}

type Told = Pick<Awaited<ReturnType<typeof storyAt>>, 'header' | 'points'>;

/** Whether a takedown strikes the point: at every position, so that a difference names it though both pages show it struck. */
const isTakenFrom = ({ struck }: Told['points'][number]) => struck?.status === 'taken-down';

/** The header and the key points of the difference are those of the later page, and it names exactly the points that differ. */
function agreeOnStory(then: Told, later: Told, { header, keyPoints, differingPoints }: Difference): void {
  expect({ header, points: keyPoints }).toEqual(later);
  const how = new Map(differingPoints.map(({ text, how }) => [text, how]));
  expect(how.size).toBe(differingPoints.length);
  const was = new Map(then.points.map(point => [point.text, point]));
  const now = new Set(later.points.map(({ text }) => text));
  for (const point of later.points)
    if (how.get(point.text) === 'struck' && isTakenFrom(point)) continue;
    else if (how.has(point.text)) expect(was.get(point.text)).not.toEqual(point);
    else expect(was.get(point.text)).toEqual(point);
  const texts = (change: string) => differingPoints.filter(({ how }) => how === change).map(({ text }) => text);
  for (const text of texts('gone')) expect([was.has(text), now.has(text)]).toEqual([true, false]);
  for (const text of texts('new')) expect(was.has(text)).toBe(false);
  expect(then.points.length + texts('new').length - texts('gone').length).toBe(later.points.length);
}

function applied(entries: Page['entries'], differences: readonly Difference[]): Page['entries'] {
  const all = new Map(entries.map(entry => [entry.id, entry]));
  for (const { changed } of differences)
    for (const { id, entry, isNew } of changed) {
      expect(entry!.id).toBe(id);
      expect(all.has(id)).toBe(!isNew);
      all.set(entry!.id, entry!);
    }
  return [...all.values()];
}

// Most commits only record a further update, so the others are drawn more often.
const anyPosition = () =>
  fc.oneof(
    { arbitrary: fc.nat({ max: newsroom.position }), weight: 1 },
    { arbitrary: fc.integer({ min: opened, max: lifted + 1 }), weight: 2 },
    { arbitrary: fc.integer({ min: newsroom.position - 4, max: newsroom.position }), weight: 1 },
  );
const anyTwo = () => fc.tuple(anyPosition(), anyPosition()).map(pair => pair.sort((a, b) => a - b));

const agrees = () =>
  fc.assert(
    fc.asyncProperty(anyTwo(), async ([from, to]) => {
      if (to! < opened) return;
      const differences = await parts(`${base}?from=${from}&to=${to}`);
      expect(applied(await timelineAt(from!), differences)).toEqual(await timelineAt(to!));
      const [then, later] = [await storyAt(from!), await storyAt(to!)];
      for (const part of differences) agreeOnStory(then, later, part);
      const told = JSON.stringify(differences);
      if (to! < lifted) expect(told.includes(secret) || told.includes(hidden)).toBe(false);
    }),
    { numRuns: 60 },
  );

describe('the difference between two positions', () => {
  it('applied to the page at one gives the page at the other, whatever the positions', agrees, 60_000);

  it('says what was done, and to how many', async () => {
    const [{ changed, counts, header }] = (await parts(`${base}?from=${opened}&to=${lifted - 1}`)) as [Difference];
    expect(changed.map(({ isNew, acts, entry }) => [isNew, acts, entry!.headline])).toEqual([
      [
        true,
        [
          'DevelopmentCorrected',
          'DevelopmentRecorded',
          'DevelopmentReinstated',
          'DevelopmentSuperseded',
          'ConditionSettled',
        ].sort(),
        'One, corrected',
      ],
      [true, ['DevelopmentLinked', 'DevelopmentMarkedKey', 'DevelopmentRecorded'], 'Two'],
      [true, ['DevelopmentRecorded', 'DevelopmentRetracted'], 'Three'],
    ]);
    expect(counts).toMatchObject({ DevelopmentRecorded: 3, DevelopmentCorrected: 1, DevelopmentRetracted: 1 });
    expect(header).toMatchObject({ id: 'talks', conditions: { calm: { fate: 'met' } } });
  });

  it('is without entries if asked to be brief', async () => {
    const [{ changed }] = (await parts(`${base}?from=${opened}&to=${lifted - 1}&brief=true`)) as [Difference];
    expect(changed.map(({ id, isNew, entry }) => [id, isNew, entry])).toEqual(
      [first, second, third].map(id => [id, true, undefined]),
    );
    expect((await parts(`${base}?from=${opened}&brief=true`)).map(part => part.changed.length)).toEqual([ids.length]);
  });

  it('says how each key point differs', async () => {
    const differing = async (from: number, to: number) => {
      const [brief] = (await parts(`${base}?from=${from}&to=${to}&brief=true`)) as [Difference];
      expect(brief.keyPoints).toBeUndefined();
      expect((await parts(`${base}?from=${from}&to=${to}`))[0]!.differingPoints).toEqual(brief.differingPoints);
      const names = new Map(Object.entries({ held, agreed, broke, late }).map(([name, text]) => [text, name]));
      return brief.differingPoints.map(({ text, how }) => `${names.get(text)} ${how}`);
    };
    expect(await differing(0, lifted)).toEqual(['late new', 'agreed new', 'held new']);
    const written = opened + 3;
    expect(await differing(written, lifted)).toEqual(['late new', 'held cited']);
    expect(await differing(lifted - 2, lifted)).toEqual(['late struck', 'held cited']);
    expect(await differing(lifted, lifted + 1)).toEqual(['broke changed', 'held gone']);
    expect(await differing(opened, newsroom.position)).toEqual(['broke new', 'late new']);
  });

  it('is none between a position and itself, and goes to the present unless you say otherwise', async () => {
    const { position } = newsroom;
    expect(await parts(`${base}?from=${position}&to=${position}`)).toMatchObject([
      { changed: [], counts: {}, differingPoints: [] },
    ]);
    expect(await parts(`${base}?from=${opened}`)).toMatchObject([{ to: position }, { to: position }]);
  });

  it('comes in parts, of which the first is full', async () => {
    const sizes = (await parts(`${base}?from=${lifted}`)).map(({ changed }) => changed.length);
    expect(sizes).toEqual([differenceEntries, ids.length - 4 - differenceEntries]);
    const exactly = (await parts(`${base}?from=${newsroom.position - differenceEntries}`)).map(
      ({ changed }) => changed.length,
    );
    expect(exactly).toEqual([differenceEntries]);
  });

  it.each([
    ['to=3', 'to'],
    ['brief=true', 'brief'],
    ['from=x', 'from'],
    ['from=-1', 'from'],
    ['from=3&to=2', 'to'],
    ['from=9999', 'from'],
    ['from=3&to=9999', 'to'],
    ['from=3&after=3', 'after'],
    ['from=3&rewrites=0', 'rewrites'],
    ['from=3&cursor=x', 'cursor'],
  ])('refuses %s and names the field', async (query, field) => {
    const { body } = await get(`${base}?${query}`).expect(422);
    expect(body.errors).toMatchObject([{ field }]);
  });

  it('refuses an end before the story was opened', () => get(`${base}?from=0&to=${opened - 1}`).expect(404));

  it('shows a development that was taken down at neither of them', async () => {
    expect(JSON.stringify(await parts(`${base}?from=${opened}`))).toContain('Update 3');
    await newsroom.post(stream, listed([broke, second, first], [late, ids[7]!]));
    await newsroom.post(stream, ...takenDown(ids[7]!));
    expect(JSON.stringify(await parts(`${base}?from=${opened}&to=${newsroom.position - 1}`))).not.toContain(
      'Update 3"',
    );
    expect((await parts(`${base}?from=${newsroom.position - 1}`))[0]!.changed).toMatchObject([
      { isNew: false, acts: ['ContentShredded'], entry: { id: ids[7], status: 'taken-down' } },
    ]);
    const lastPoints = async () => (await parts(`${base}?from=${newsroom.position - 1}`))[0]!.differingPoints;
    expect(await lastPoints()).toEqual([{ text: late, how: 'struck' }]);
    const proposal = 'a'.repeat(64);
    await newsroom.post(
      stream,
      on('TextShredded', { text: broke, ground: 'privacy', proposal, as: 'legal', rules: 2 }),
    );
    expect(await lastPoints()).toEqual([{ text: broke, how: 'taken-down' }]);
    expect(JSON.stringify(await parts(`${base}?from=${opened}`))).not.toContain('broke down');
    await agrees();
  }, 60_000);
});

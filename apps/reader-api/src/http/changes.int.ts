import { Change, Changes } from '#contract';
import { actorStream, storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
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
import { endOfPiece, pieceChanges, pieceSpan } from './changes.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const base = '/stories/talks/changes';
const ids = Array.from({ length: pieceChanges + 20 }, () => randomUUID());
const tell = (id: string, headline: string) => ({ stream, events: [recorded(id, meeting(['ada'], { headline }))] });
const register = (n: number) => ({
  stream: actorStream(`actor-${n}`),
  events: [
    { type: 'ActorRegistered', data: { name: `Actor ${n}`, kind: 'person' as const, aliases: [], affiliations: [] } },
  ] as never,
});

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  await newsroom.postAll(ids.map((id, n) => tell(id, `Update ${n}`)));
  await newsroom.post(stream, corrected(ids[3]!, meeting(['ada'], { headline: 'Corrected' }), 'That.', 'A slip.'));
  await newsroom.post(stream, retracted(ids[4]!, 'It was not so.'));
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string, url = reader.url) => request(url).get(path);
const piece = async (path: string) => Changes.strict().parse((await get(path).expect(200)).body);

async function walk(path: string): Promise<Changes[]> {
  const pieces = [await piece(path)];
  for (let next = pieces[0]!.next; next; next = pieces.at(-1)!.next) pieces.push(await piece(next));
  return pieces;
}

/** The changes that the live stream sends after a position. */
async function streamed(after: number, count: number): Promise<Change[]> {
  const source = new EventSource(`${reader.url}/stories/talks/live?after=${after}`);
  const changes: Change[] = [];
  await new Promise<void>(done =>
    source.addEventListener('change', ({ data }) => {
      if (changes.push(JSON.parse(data) as Change) === count) done();
    }),
  );
  source.close();
  return changes;
}

describe('the changes of a story', () => {
  it('the pieces together give the changes of the live stream, each once', async () => {
    const pieces = await walk(`${base}?after=0`);
    const changes = pieces.flatMap(({ changes }) => changes);
    expect(pieces.map(({ changes }) => changes.length)).toEqual([pieceChanges, ids.length + 3 - pieceChanges]);
    expect(changes).toEqual(await streamed(0, changes.length));
    expect(pieces.at(-1)!.position).toBe(newsroom.position);
    expect((await walk(base)).flatMap(({ changes }) => changes)).toEqual(changes);
  });

  it('there are no changes after the last position, and a position beyond the log is refused', async () => {
    const { position } = newsroom;
    expect(await piece(`${base}?after=${position}`)).toMatchObject({ position, changes: [], next: null });
    const { body } = await get(`${base}?after=${position + 1}`).expect(422);
    expect(body.errors).toMatchObject([{ field: 'after' }]);
    for (const wrong of ['after=-1', 'after=x', 'rewrites=x', 'position=3']) await get(`${base}?${wrong}`).expect(422);
    await get('/stories/nowhere/changes').expect(404);
  });

  it('complete pieces stay the same when more is posted, and the last piece grows', async () => {
    const [first, last] = await walk(`${base}?after=0`);
    await newsroom.post(stream, recorded(randomUUID(), meeting(['ada'], { headline: 'More' })));
    const [same, grown] = await walk(`${base}?after=0`);
    expect(same).toEqual(first);
    expect(grown!.changes).toHaveLength(last!.changes.length + 1);
  });

  it('readers who began at different positions get the same later pieces', async () => {
    await newsroom.postAll(Array.from({ length: pieceSpan }, (_, n) => register(n)));
    await newsroom.postAll(Array.from({ length: 3 }, (_, n) => tell(randomUUID(), `Later ${n}`)));
    const [one, other] = [await walk(`${base}?after=0`), await walk(`${base}?after=30`)];
    expect(one.at(-1)).toEqual(other.at(-1));
    expect(one.at(-2)!.next).toBe(other.at(-2)!.next);
    expect(one.at(-1)!.changes).toHaveLength(3);
    expect([1, pieceSpan, pieceSpan + 1].map(endOfPiece)).toEqual([pieceSpan, pieceSpan, 2 * pieceSpan]);
  });
});

describe('the caching of pieces', () => {
  const control = async (url: string, path: string) => (await get(path, url).expect(200)).headers['cache-control'];

  it('a complete piece with `rewrites` in its address may be cached for CACHE_PIECES_SECONDS, by default 0', async () => {
    const own = await listeningReader(database.databaseUrl, { CACHE_PIECES_SECONDS: '3600', CACHE_SECONDS: '1' });
    const { rewrites, next } = await piece(`${base}?after=0`);
    const named = `${base}?after=0&rewrites=${rewrites}`;
    expect(await control(reader.url, named)).toBe('no-cache');
    for (let round = 0; round < 2; round++) {
      expect(await control(own.url, named)).toBe('public, max-age=3600, immutable');
      expect(await control(own.url, `${base}?after=0`)).toBe('public, max-age=1');
      expect(await control(own.url, `${base}?after=${newsroom.position}&rewrites=${rewrites}`)).toBe(
        'public, max-age=1',
      );
    }
    expect(next).toContain(`rewrites=${rewrites}`);
    await own.close();
  });
});

describe('the pieces after a takedown', () => {
  it('old addresses of pieces give 410, and new pieces do not have the words', async () => {
    const { rewrites } = await piece(`${base}?after=0`);
    const named = `${base}?after=0&rewrites=${rewrites}`;
    expect((await get(named).expect(200)).text).toContain('Update 7');
    await newsroom.post(stream, ...takenDown(ids[7]!));
    expect((await get(named).expect(410)).body.code).toBe('rewritten');
    const pieces = await walk(`${base}?after=0`);
    expect(pieces[0]!.rewrites).not.toBe(rewrites);
    expect(JSON.stringify(pieces)).not.toContain('Update 7"');
  });
});

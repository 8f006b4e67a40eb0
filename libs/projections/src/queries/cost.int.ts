import { storyStream, type OpenEvent } from '#domain';
import { inTransaction, type Client, type Pool } from '#postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { swap } from '../builds/swap.js';
import { useBuild } from '../builds/build.js';
import { applyBatch, lookUpByKey } from '../engine/apply.js';
import { loadRows } from '../engine/rows.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { loadProgress } from '../engine/progress.js';
import {
  actorsOfStory,
  cellsOfActors,
  cellSums,
  marksById,
  newestMarks,
  oneCell,
} from '../folds/actor-state/queries.js';
import { ofActor, onCondition, opened, recorded, said, type Payload } from '../folds/given.fixture.js';
import { idOf, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { registryPosition } from '../folds/actors/queries.js';
import { readableAt } from '../folds/shown-commits/queries.js';
import { oneStory, storiesPosition } from '../folds/stories/queries.js';
import { entriesById, everyEntry, newestFirst, oneEntry } from '../folds/timeline/queries.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { storyBegunBy } from './happened.js';
import { visibleAt } from '../visibility-log/table.js';
import { mementoAt, mementosAfter, mementoSeenAt } from './mementos.js';
import { changedSince } from './present.js';
import { reading, type Reading } from './reading.js';

// What queries read in a short and in a long story: blocks of 8 KiB, which do not depend on the machine or its load.

const stories = {
  short: { from: 0, developments: 100 },
  long: { from: 100, developments: 1_800 },
  // Each development names one of two conditions.
  conditional: { from: 2_000, developments: 600 },
} as const;
type Story = keyof typeof stories;

const instant = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString().slice(0, 19) + 'Z';

/** Each second development says something about one subject, which is one cell; the others are each a cell. Each fifth replaces an earlier one. */
function commits(story: Story): Payload[] {
  const { from, developments } = stories[story];
  return Array.from({ length: developments }, (_, number): Payload => {
    const occurred = { from: instant(number), precision: 'minute' } as const;
    const content =
      number % 2 === 0
        ? said(`No. ${number}`, {
            occurred,
            data: { speaker: 'mayor', quote: `No. ${number}` },
            ...(story === 'conditional' && onCondition(number % 4 === 0 ? 'rain' : 'wind', 'it ends')),
          })
        : said(`No. ${number}`, {
            occurred,
            kind: 'position',
            data: { issue: 'fee', positions: [{ actor: 'mayor', stance: `No. ${number}` }] },
          });
    const replaced = { development: idOf(from + number - 3), by: idOf(from + number) };
    const replaces: OpenEvent[] = number % 5 === 4 ? [{ type: 'DevelopmentSuperseded', data: replaced }] : [];
    return { stream: storyStream(story), events: [recorded(idOf(from + number), content), ...replaces] };
  });
}

let database: TestDatabase;
let last: number;
/** What Postgres knows of the timelines right after the fold: how many entries, and how many pages that all transactions may see. */
let knownAfterFold: { readonly entries: number; readonly visible: number };
beforeAll(async () => {
  database = await testDatabase();
  const mayor = { name: 'Mayor', kind: 'person' as const, aliases: [], affiliations: [] };
  const log = recordsOf([
    ofActor('mayor', { type: 'ActorRegistered', data: mayor }),
    ...(Object.keys(stories) as Story[]).flatMap(story => [
      { stream: storyStream(story), events: [opened()] },
      ...commits(story),
    ]),
  ]);
  for (let at = 0; at < log.length; at += 300) {
    const progress = await loadProgress(database.pool, projections);
    await applyBatch(database, projections, progress, log.slice(at, at + 300));
  }
  const { checkpoint } = await loadProgress(database.pool, projections);
  last = checkpoint.position;
  await swap(database.pool, checkpoint.name);
  const known = async () => {
    const sql = 'select reltuples::integer as entries, relallvisible as visible from pg_class where oid = $1::regclass';
    const { rows } = await database.pool.query<typeof knownAfterFold>(sql, [`${checkpoint.name}.timeline_now`]);
    return rows[0]!;
  };
  const tablesWhere = async (condition: string) => {
    const sql = `select relname, relpages, relallvisible from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and ${condition}`;
    return (await database.pool.query(sql, [checkpoint.name])).rows as unknown[];
  };
  /** Waits until no table is as described, at most twenty seconds; prints those that still are. */
  const noneWhere = async (condition: string, each: () => Promise<unknown>) => {
    for (const until = Date.now() + 20_000; ; await each()) {
      const left = await tablesWhere(condition);
      if (left.length === 0) return;
      if (Date.now() > until) return console.log(`tables where ${condition}: ${JSON.stringify(left)}`);
    }
  };
  // Autovacuum would look at them only after a minute.
  await noneWhere('reltuples < 0', () => sleep(50));
  knownAfterFold = await known();
  // A scan of an index reads each row whose page is not marked as visible to all.
  // Of a table with few dead rows, a vacuum would leave their pages unmarked, unless it cleans the indexes.
  await noneWhere('relallvisible < relpages', () => database.pool.query('vacuum (analyze, index_cleanup on)'));
}, 120_000);
afterAll(() => database?.drop());

test('Postgres knows the size of a build that was just folded, which pages all may see, and no words of people', async () => {
  expect(knownAfterFold.entries).toBeGreaterThan(500);
  expect(knownAfterFold.visible).toBeGreaterThan(50);
  const { rows } = await database.pool.query(
    `select tablename, attname from pg_stats where schemaname = (select name from dateline.build where live) and (
       attname in ('headline', 'body', 'title', 'summary', 'words', 'quote')
       or tablename like 'actor%' and attname in ('name', 'aliases', 'description', 'wikidata', 'iso3166')
     )`,
  );
  expect(rows).toEqual([]);
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** How often a statement is explained; the one that read least counts. Others may have read the catalogue again, as after much DDL of other tests. */
const explanations = 3;

/** Runs queries on a client that explains each statement too. Returns the plans. */
async function plansOf(client: Client, run: (client: Client) => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = [];
  const query = async (text: string, values?: unknown[]) => {
    const explained: Plan[] = [];
    for (let i = 0; i < explanations; i++) {
      const sql = `explain (analyze, buffers, format json) ${text}`;
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(sql, values);
      explained.push(rows[0]!['QUERY PLAN'][0].Plan);
    }
    plans.push(explained.toSorted((a, b) => blocksOf([a]) - blocksOf([b]))[0]!);
    return client.query(text, values);
  };
  await run({ query } as unknown as Client);
  return plans;
}
const blocksOf = (plans: readonly Plan[]) =>
  plans.reduce((all, plan) => all + plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], 0);

/** The present, and the middle of a story, by position and by when things happened. */
const views: Record<string, (read: Reading, story: Story) => Client> = {
  now: ({ client }) => client,
  'as of a position': ({ asOf }) => asOf(last),
  'of what had begun': ({ asOf }, story) => asOf(last, Date.parse(instant(stories[story].developments / 2))),
};
const mementosOf = (story: Story) => ({ story, present: last, named: true });

const inView = (view: string, story: Story, run: (client: Client) => Promise<unknown>) =>
  inTransaction(database.pool, 'read', () =>
    reading(database, read => plansOf(views[view]!(read, story), client => run(client))),
  );

const fee = { actor: 'mayor', facet: 'position', key: 'fee' } as const;
const places = [0, 1, 2, 3, 4, 5].map(mark => ({ mark: 0, number: mark }));
const flat: Record<string, (client: Client, story: Story) => Promise<unknown>> = {
  'the newest marks of a cell with many': (client, story) => newestMarks(client, story, [fee], null, 21),
  'marks by id': (client, story) =>
    marksById(
      client,
      story,
      places.map(({ mark, number }) => ({ mark, development: idOf(stories[story].from + number) })),
    ),
  'one cell': (client, story) => oneCell(client, story, 'mayor', fee),
  'one entry': (client, story) => oneEntry(client, story, idOf(stories[story].from + 10)),
  'entries by id': (client, story) =>
    entriesById(
      client,
      story,
      places.map(({ number }) => idOf(stories[story].from + number)),
    ),
  'a page of the timeline': (client, story) => newestFirst(client, story, everyEntry, null, 51),
  'the story': (client, story) => oneStory(client, story),
  'the tags of lists': async client => [await storiesPosition(client), await registryPosition(client)],
};
describe.each(Object.keys(views))('queries %s', view => {
  test.each(Object.entries(flat))('%s: a story that is 18 times as long costs no more', async (_, run) => {
    const plans = (story: Story) => inView(view, story, client => run(client, story));
    const [short, long] = [await plans('short'), await plans('long')];
    // An index of a longer table is a level higher.
    const most = 2 * blocksOf(short) + 10;
    if (blocksOf(long) > most) console.log(JSON.stringify({ short, long }));
    expect(blocksOf(long)).toBeLessThanOrEqual(most);
  });

  test.each<[string, (client: Client) => Promise<unknown>]>([
    [
      'the cells of an actor',
      client => cellsOfActors(client, 'long', ['mayor'], { facet: null, after: null, limit: 51 }),
    ],
    ['the sums of a cell', client => cellSums(client, 'long', [fee])],
    ['the actors of a story', client => actorsOfStory(client, 'long', { after: null, limit: 51, among: null })],
  ])('%s: an index alone is enough', async (_, run) => {
    // In so small a table, reading all of it may be cheaper.
    const plans = await inView(view, 'long', async client => {
      await client.query(`select set_config('enable_seqscan', $1, true)`, ['off']);
      await run(client);
    });
    const scans = plans.flatMap(nodesOf).filter(node => node['Relation Name'] === 'actor_mark_now');
    expect(scans.length).toBeGreaterThan(0);
    expect(new Set(scans.map(node => node['Node Type']))).toEqual(new Set(['Index Only Scan']));
    expect(blocksOf(plans)).toBeLessThan(80);
  });
});

test('the views of what had begun leave Postgres no choice but look-ups by key, however long the log is', async () => {
  const plans = await inView('of what had begun', 'long', async client => {
    // In a longer log, others look cheaper.
    await client.query(`select set_config('enable_nestloop', $1, true)`, ['off']);
    await newestFirst(client, 'long', everyEntry, null, 51);
  });
  const joins = plans.flatMap(nodesOf).map(node => node['Node Type']);
  expect(joins.filter(type => /^(Merge|Hash) Join$/.test(type))).toEqual([]);
});

test('a story is found without reading each commit that named one of its conditions', async () => {
  const blocks = async (story: Story) => {
    const middle = last - stories.conditional.developments / 2;
    const read = (reading: Reading) =>
      plansOf(reading.asOf(middle), async client => void (await oneStory(client, story)));
    return blocksOf(await reading(database, read));
  };
  expect(await blocks('conditional')).toBeLessThanOrEqual(2 * (await blocks('short')) + 10);
});

test('the last change of any story is found by index, and no story is counted for it', async () => {
  const plans = await inView('now', 'long', async client => {
    await client.query(`select set_config('enable_seqscan', $1, true)`, ['off']);
    await storiesPosition(client);
  });
  const read = plans.flatMap(nodesOf).map(node => node['Relation Name']);
  expect(read).toContain('story_state_now');
  expect(read).not.toContain('story_shredded');
  expect(read).not.toContain('story_condition_now');
  expect(plans.flatMap(nodesOf).filter(node => node['Node Type'] === 'Sort')).toEqual([]);
});

test.each<[string, (client: Client, story: Story) => Promise<unknown>]>([
  [
    'a memento and its neighbours',
    (client, story) => mementoAt(client, mementosOf(story), 3 + stories[story].from + 10),
  ],
  [
    'the memento that readers saw at an instant',
    (client, story) => mementoSeenAt(client, mementosOf(story), '2029-01-01T00:00:00.000Z'),
  ],
  ['a part of the mementos', (client, story) => mementosAfter(client, mementosOf(story), 0, 20)],
])('%s: found without reading the story', async (_, run) => {
  const blocks = async (story: Story) => blocksOf(await inView('now', story, client => run(client, story)));
  expect(await blocks('long')).toBeLessThanOrEqual(2 * (await blocks('short')) + 10);
});

test('what had begun of a story is counted in an index, and the last commit is found by keys', async () => {
  const asked = async (story: Story) => {
    const plans: Plan[] = [];
    await reading(database, async read => {
      const asOf = (position: number, begun?: number) => {
        const client = read.asOf(position, begun);
        const query = async (text: string, values?: unknown[]) => {
          plans.push(...(await plansOf(client, each => each.query(text, values))));
          return client.query(text, values);
        };
        return { query } as unknown as Client;
      };
      await storyBegunBy({ asOf }, story, last, Date.parse(instant(stories[story].developments / 2)));
    });
    return plans;
  };
  const plans = await asked('long');
  expect(blocksOf(plans)).toBeLessThan(blocksOf(await asked('short')) + 40);
  const changes = plans.flatMap(nodesOf).filter(node => node['Relation Name'] === 'timeline_change');
  expect(changes.every(node => node['Node Type'].startsWith('Index'))).toBe(true);
});

test('what changed after a position is found by index, although Postgres plans it for every position', async () => {
  const plans: Plan[] = [];
  const query = async ({ text }: { text: string }) => {
    const explain = `explain (generic_plan, format json) ${text}`;
    const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain);
    plans.push(rows[0]!['QUERY PLAN'][0].Plan);
    return { rows: [] };
  };
  const { checkpoint } = await loadProgress(database.pool, projections);
  await changedSince({ query } as unknown as Pool, checkpoint.name, last, 10);
  const mentions = plans.flatMap(nodesOf).filter(node => node['Relation Name'] === 'actor_mention_now');
  expect(mentions).not.toEqual([]);
  expect(mentions.filter(node => node['Node Type'] === 'Seq Scan')).toEqual([]);
});

test('what was recorded or shown by an instant is found without reading all that came later', async () => {
  await database.pool.query(
    `insert into dateline.visibility (first, last, at, sent)
     select number, number, to_char(timestamp '2030-01-01' + (number - 10000) * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), true
     from generate_series(10001, 12000) number`,
  );
  await database.pool.query('analyze dateline.visibility');
  const plans = await inView('now', 'long', async client => {
    const { recorded } = (
      await client.query<{ recorded: string }>('select recorded from shown_commit where position < 9')
    ).rows[0]!;
    expect(await readableAt(client, recorded)).toBeGreaterThan(0);
    expect(await visibleAt(client, '2030-01-01T00:00:09.500Z')).toBe(10_009);
  });
  const passed = plans.flatMap(nodesOf).map(node => node['Rows Removed by Filter'] ?? 0);
  expect(Math.max(...passed)).toBeLessThanOrEqual(128);
});

test('the last commit recorded by an instant is found although clocks were put back and forth', async () => {
  const client = await database.pool.connect();
  try {
    await client.query(`begin; select set_config('search_path', 'pg_temp', true);
      create temp table shown_commit (position integer primary key, recorded text collate "C") on commit drop;
      create temp table readable_actor_change (position integer, recorded text collate "C") on commit drop;
      create index on shown_commit ((position >> 14), recorded);
      create index on shown_commit ((position >> 7), recorded)`);
    let [position, ms] = [0, Date.UTC(2026, 0, 1)];
    const commits = Array.from({ length: 20_000 }, () => {
      position += 1 + Math.floor(Math.random() * 5);
      ms += Math.random() < 0.001 ? (Math.random() - 0.5) * 172_800_000 : Math.random() * 1_000;
      return { position, recorded: new Date(ms).toISOString() };
    });
    await client.query(
      'insert into shown_commit select * from jsonb_to_recordset($1) as made(position integer, recorded text)',
      [JSON.stringify(commits)],
    );
    await client.query('analyze shown_commit');
    for (let tried = 0; tried < 50; tried++) {
      const at = commits[Math.floor(Math.random() * commits.length)]!.recorded;
      const last = commits.findLast(({ recorded }) => recorded <= at)!;
      expect([at, await readableAt(client, at)]).toEqual([at, last.position]);
    }
    expect(await readableAt(client, '2020-01-01T00:00:00.000Z')).toBe(0);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('a commit loads its rows by key, also where Postgres would rather read the whole table', async () => {
  const { checkpoint } = await loadProgress(database.pool, projections);
  const loads = (client: Client) =>
    plansOf(client, async each => {
      const touches = [{ table: 'actor_mark', values: ['long', idOf(300)] }];
      expect(await loadRows(each, 'actor_mark', { by: ['story', 'development'] }, touches)).toBeDefined();
    });
  const [chosen, byKey] = await inTransaction(database.pool, 'write', async client => {
    await useBuild(client, checkpoint.name);
    await client.query(`select set_config('random_page_cost', $1, true)`, ['10000']);
    const plans = await loads(client);
    await lookUpByKey(client);
    return [plans, await loads(client)];
  });
  const scansIn = (plans: Plan[]) =>
    plans
      .flatMap(nodesOf)
      .filter(node => node['Relation Name'] === 'actor_mark_now')
      .map(node => node['Node Type']);
  expect(scansIn(chosen)).toEqual(['Seq Scan']);
  expect(scansIn(byKey)).toEqual(['Index Scan']);
});

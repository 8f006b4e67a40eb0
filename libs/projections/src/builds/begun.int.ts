import { storyOf, storyStream, type OpenCommit, type OpenEvent } from '#domain';
import { emptyLog, type LogRecord } from '#event-log';
import { open } from '#keys';
import { inTransaction, type Client } from '#postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyBatch } from '../engine/apply.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { loadProgress } from '../engine/progress.js';
import { arbitrateAll } from '../engine/settle.js';
import { asOf } from '../folds/as-of.js';
import { happenedBy } from '../folds/happened-by.fixture.js';
import { readable } from '../folds/fold-all.js';
import { opened, recorded, retracted, said, secrets } from '../folds/given.fixture.js';
import { choices, history, idOf, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import type { TimelineRow } from '../folds/timeline/rows.js';
import type { CitedMark } from '../folds/actor-state/rows.js';
import { keyPointsWrittenBy } from '../folds/key-points/queries.js';
import { oneStory } from '../folds/stories/queries.js';
import { storyBegunBy, TooManyShaping } from '../queries/happened.js';
import { reading, type Reading } from '../queries/reading.js';
import { buildName, dropBuild } from './build.js';
import { swap } from './swap.js';

const build = buildName(projections);
const [story, other] = ['storm', 'vote'];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
const write = <T>(run: (client: Client) => Promise<T>) => inTransaction(database.pool, 'write', run);
const begin = async () => {
  await write(client => dropBuild(client, build));
};
beforeEach(begin);

async function apply(log: readonly LogRecord[]): Promise<void> {
  await applyBatch(database, projections, await loadProgress(database.pool, projections), log);
  await swap(database.pool, build);
}

function commitsIn(log: readonly LogRecord[]): OpenCommit[] {
  return arbitrateAll({ arbitration: emptyLog }, log).winners.map(({ read }) => {
    const opening = 'commit' in read ? open(read.commit, { get: id => ({ secret: secrets.get(id) }) }) : read;
    if (!('commit' in opening)) throw new Error(opening.unreadable);
    return opening.commit;
  });
}

/** What queries find of a story as of a position, of what had begun by an instant. */
async function begunIn({ asOf: at }: Reading, id: string, position: number, begun: number) {
  const client = at(position, begun);
  const rows = await client.query<TimelineRow>('select * from timeline where story = $1 order by position, ordinal', [
    id,
  ]);
  const marks = await client.query<CitedMark>(
    `select * from actor_mark join actor_citation using (story, development) where story = $1
     order by actor_mark.position, actor_mark.ordinal, mark`,
    [id],
  );
  const points = await keyPointsWrittenBy(at, id, position, begun);
  return {
    story: await storyBegunBy({ asOf: at }, id, position, begun),
    points,
    timeline: rows.rows,
    marks: marks.rows,
  };
}

/**
 * What the projections fold from the rest, once every event is left out that names what had not begun. It differs in this: where a replaced
 * development was handed on to a replacement that had not begun, the fold does not know that its first replacement was removed.
 */
function foldedBegun(commits: readonly OpenCommit[], id: string, position: number, begun: number) {
  const mine = readable(commits.slice(0, position).filter(commit => storyOf(commit) === id));
  const whole = new Map(asOf(mine, []).timeline.map(row => [row.development, row]));
  const kept = asOf(happenedBy(mine, begun), []);
  const isActive = ({ development, superseded_by }: TimelineRow) =>
    superseded_by !== null && whole.get(development)!.superseded_by !== superseded_by;
  const active = new Set(kept.timeline.filter(isActive).map(({ development }) => development));
  const timeline = kept.timeline.map(row => ({
    ...row,
    ...(active.has(row.development) ? { superseded_by: null } : {}),
    ...(active.has(row.development) && row.status === 'superseded' ? { status: 'active' } : {}),
    ordinal: whole.get(row.development)!.ordinal,
    // Those to what had not begun are shown nowhere, as nothing is found there.
    links: whole.get(row.development)!.links,
  }));
  const marks = kept.marks.map((mark): CitedMark => ({
    ...mark,
    ordinal: whole.get(mark.development)!.ordinal,
    ...(active.has(mark.development) ? { status: 'active' } : {}),
  }));
  return { story: kept.story, points: kept.keyPoints, timeline: timeline.sort(byOrder), marks: marks.sort(byMark) };
}

type Placed = Pick<TimelineRow, 'position' | 'ordinal'>;
const byOrder = (a: Placed, b: Placed) => a.position - b.position || a.ordinal - b.ordinal;
const byMark = (a: CitedMark, b: CitedMark) => byOrder(a, b) || a.mark - b.mark;

const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { minLength: 25, maxLength: 60, size: 'max' });
const hours = [-1, 3, 8, 11, 15, 19];
const instants = hours.map(hour => Date.UTC(2026, 0, 1, hour));
const numRuns = Number(process.env.PAST_RUNS ?? 3);

describe('what had begun by an instant, in a build as of any position', () => {
  test('is what the projections fold without all that had not begun', async () => {
    let replaced = 0;
    await fc.assert(
      fc.asyncProperty(wishes, async wished => {
        await begin();
        const log = recordsOf(history(wished));
        await apply(log);
        const commits = commitsIn(log);
        await reading(database, async read => {
          for (const id of [story, other])
            for (let position = 1; position <= commits.length; position++) {
              if (!(await oneStory(read.asOf(position), id))) continue;
              for (const begun of instants) {
                const folded = foldedBegun(commits, id, position, begun);
                expect([position, begun, await begunIn(read, id, position, begun)]).toEqual([position, begun, folded]);
                replaced += folded.timeline.filter(({ superseded_by }) => superseded_by !== null).length;
              }
            }
        });
      }),
      // In the first history ten developments were replaced.
      { numRuns, endOnFailure: true, examples: [[choices(120, 36)]] },
    );
    expect(replaced).toBeGreaterThan(0);
  });

  test('the last change is found behind a retraction that gave many developments back at once', async () => {
    const at = (hour: string) => ({ occurred: { from: `2026-01-01T${hour}:00:00Z`, precision: 'minute' } as const });
    const many = Array.from({ length: 25 }, (_, number) => idOf(number));
    const [changed, late] = [idOf(25), idOf(26)];
    const later = Array.from({ length: 30 }, (_, number) => idOf(30 + number));
    const reinstated = many.map(
      id => ({ type: 'DevelopmentReinstated', data: { development: id, retracted: late } }) as const,
    );
    const commitsOfStory: OpenEvent[][] = [
      [opened()],
      ...[...many, changed].map(id => [recorded(id, said(`Early ${id}.`, at('08')))]),
      [{ type: 'DevelopmentVerified', data: { development: changed, told: { note: 'Two saw it.' } } }],
      ...later.map(id => [recorded(id, said(`Later ${id}.`, at('19')))]),
      [recorded(late, said('Late.', at('19')))],
      ...many.map((id): OpenEvent[] => [{ type: 'DevelopmentSuperseded', data: { development: id, by: late } }]),
      [retracted(late), ...reinstated],
    ];
    const log = recordsOf(commitsOfStory.map(events => ({ stream: storyStream(story), events })));
    await apply(log);
    const commits = commitsIn(log);
    const [last, begun] = [commits.length, Date.UTC(2026, 0, 1, 12)];
    await reading(database, async read => {
      const found = await begunIn(read, story, last, begun);
      expect(found.story).toMatchObject({ position: 2 + many.length + 2, developments: many.length + 1 });
      expect(found).toEqual(foldedBegun(commits, story, last, begun));
    });
  });

  test('reads at most so many commits that shape a story, and says up to where it can be asked', async () => {
    const log = recordsOf(history(choices(60, 7)));
    await apply(log);
    const commits = commitsIn(log);
    const mine = commits.filter(({ stream }) => stream === storyStream(story));
    const last = mine.at(-1)!.position;
    await reading(database, async read => {
      const { rows } = await read.client.query<{ position: number }>(
        'select position from shown_commit where stream = $1 and shaping order by position',
        [storyStream(story)],
      );
      const ask = (most: number) => storyBegunBy(read, story, last, instants[3]!, most);
      expect(rows.length).toBeGreaterThan(2);
      expect(await ask(rows.length)).toBeDefined();
      await expect(ask(rows.length - 1)).rejects.toEqual(new TooManyShaping(rows.at(-2)!.position));
    });
  });
});

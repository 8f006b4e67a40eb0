import type { Cell } from '#contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { audit, lastLine } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { playStory } from '../harness/played.js';
import { loadExpected } from '../../apps/demo/stories/expected.fixture.js';
import { loadStory } from '../../apps/demo/stories/load.js';
import { expectState } from '../../apps/demo/stories/states.fixture.js';

describe.each(['alaska', 'varn-election', 'skerry-storm', 'cup-final'])(
  'the story %s, posted through the editors’ API',
  name => {
    const story = loadStory(`apps/demo/stories/${name}`);
    const expected = loadExpected(`apps/demo/stories/${name}`);
    const base = `/stories/${story.story.id}`;
    let newsroom: TestNewsroom;
    let ids: ReadonlyMap<string, string>;
    let facts: ReadonlyMap<string, string>;
    let entries: Map<string, Record<string, unknown>>;

    beforeAll(async () => {
      newsroom = await TestNewsroom.open();
      const played = await playStory(await newsroom.as(['editor']), story);
      ids = played.ids;
      facts = new Map([...ids].map(([fact, id]) => [id, fact]));
      await newsroom.readAt(base, played.position);
      const { body } = await newsroom.readers.get(`${base}/timeline?limit=200&order=story`);
      entries = new Map(body.entries.map((entry: { id: string }) => [facts.get(entry.id), entry]));
    });
    afterAll(() => newsroom?.close());

    const cellsOf = async (actor: string): Promise<Cell[]> =>
      (await newsroom.readers.get(`${base}/actors/${actor}?limit=200`)).body.cells;

    test('the timeline has one entry for each fact, in the order of the story', () => {
      expect([...entries.keys()]).toEqual(Object.keys(expected.facts));
    });

    test.each(Object.entries(expected.facts))(
      '%s is in the timeline with its kind, sourcing and modality',
      (fact, wanted) => {
        const { kind, basis, source, standing, mode, conditions = [] } = wanted;
        const end = expected.ends[fact];
        const entry = entries.get(fact) as {
          sourcing: { actor?: string; group?: string };
          modality: { conditions?: { id: string }[] };
        };
        expect(entry).toMatchObject({
          kind,
          standing: end?.standing ?? standing,
          sourcing: { basis },
          modality: { mode },
        });
        if (source) expect([entry.sourcing.actor, entry.sourcing.group]).toContain(source);
        expect((entry.modality.conditions ?? []).map(({ id }) => id)).toEqual(conditions);
      },
    );

    const marked = Object.entries(expected.facts).filter(([fact]) => expected.ends[fact]?.status !== 'retracted');
    test.each(marked)('%s has its marks on the actors that it names', async (fact, { marks }) => {
      for (const [actor, facets] of Object.entries(marks)) {
        const cells = await cellsOf(actor);
        const citing = cells.filter(({ citations }) =>
          citations.some(({ development }) => development === ids.get(fact)),
        );
        expect(citing.map(({ facet }) => facet)).toEqual(expect.arrayContaining(facets));
      }
    });

    const retracted = Object.entries(expected.ends).filter(([, { status }]) => status === 'retracted');
    test(`retracted entries have no words, and no actor’s state cites them (${retracted.length})`, async () => {
      for (const [fact] of retracted) {
        expect(entries.get(fact)).toMatchObject({ status: 'retracted', bodyHtml: null, data: null });
        for (const actor of Object.keys(expected.facts[fact]!.marks))
          expect(JSON.stringify(await cellsOf(actor))).not.toContain(ids.get(fact));
      }
    });

    test('entries show how acts changed them', () => {
      for (const [fact, { status = 'active', corrected, standing: _, ...rest }] of Object.entries(expected.ends)) {
        expect(entries.get(fact)).toMatchObject({ status, ...rest });
        if (corrected)
          expect(entries.get(fact)).toMatchObject({
            headline: corrected,
            corrections: [{ wrong: expect.any(String) }],
          });
      }
    });

    test('verify finds no difference', async () => {
      expect(lastLine(await audit(newsroom, 'verify', '--json').ended)).toMatchObject({ equal: true });
    });

    test('each condition has its expected outcome', async () => {
      const { conditions } = (await newsroom.readers.get(base)).body as {
        conditions: Record<string, { fate: string | null }>;
      };
      for (const [id, fate] of Object.entries(expected.conditions)) expect(conditions[id]).toMatchObject({ fate });
    });

    describe.each(expected.questions)('asked: $ask', ({ states, timelines }) => {
      if (states.length > 0)
        test.each(states)('the state of $actor answers it ($facet)', async state =>
          expectState(await cellsOf(state.actor), state, facts),
        );

      if (timelines.length > 0)
        test.each(timelines)('the timeline answers it ($query)', async ({ query, facts: wanted }) => {
          const { body } = await newsroom.readers.get(`${base}/timeline?order=story&${new URLSearchParams(query)}`);
          expect(body.entries.map(({ id }: { id: string }) => facts.get(id))).toEqual(wanted);
        });
    });
  },
);

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '#checkout';
import { describe, expect, test } from '@jest/globals';
import {
  Content,
  catalogue,
  decisions,
  digest,
  emptyDirectory,
  evolve,
  evolveDirectory,
  filledIn,
  isRefusal,
  marksOf,
  noStory,
  outlineOf,
  resolveActor,
  resolveContent,
  type NewContent,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { loadExpected } from './expected.fixture.js';
import { loadStory, type Post } from './load.js';

const here = projectFile('apps/demo/stories');

/** A story with resolved references, in which the domain decides every post in order. */
function storyOf(name: string) {
  const files = loadStory(join(here, name));
  const directory = files.actors.reduce(
    (known, { id, profile }) => evolveDirectory(known, id, { type: 'ActorRegistered', data: profile }),
    emptyDirectory,
  );
  const resolved = (content: NewContent): Content => {
    const result = resolveContent(filledIn(content), directory, []);
    if (isRefusal(result)) throw new Error(JSON.stringify(result));
    return Content.parse(result);
  };
  const recorded = new Map(
    files.posts.flatMap(({ fact, record }) => (record ? [[fact, resolved(record.content)] as const] : [])),
  );
  const now = new Map(recorded);
  const { id: _id, title, summary, ...settings } = files.story;
  const decide = (state: StoryState, decision: StoryDecision, post: string): StoryState => {
    const events = decision(state);
    if (isRefusal(events)) throw new Error(`${post}: ${JSON.stringify(events)}`);
    if (!events.length) throw new Error(`${post} changes nothing.`);
    return events.reduce((before, event) => evolve(before, event, origin), state);
  };
  const origin = { id: 'c'.repeat(64), by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' };
  const opened = decide(
    noStory,
    decisions.openStory({ text: 'ffffffff-0000-4000-8000-000000000000', ...settings, told: { title, summary } }),
    'story',
  );
  const state = files.posts.reduce((before, post) => {
    if (post.correct) now.set(post.correct.development, resolved(post.correct.content));
    return decide(before, decisionOf(post, resolved), post.fact);
  }, opened);
  return { ...files, directory, recorded, now, state, expected: loadExpected(join(here, name)) };
}

// The label serves as the development's id: the domain accepts any text.
function decisionOf(post: Post, resolved: (content: NewContent) => Content): StoryDecision {
  const { fact, record, correct } = post;
  const withContent = (content: Content) => ({ outline: outlineOf(content, digest(content)), told: { content } });
  const about = ({ development }: { development: string }) => ({ development, told: null });
  if (record) {
    const { content, embargo, ...more } = record;
    return decisions.recordDevelopment({
      ...more,
      development: fact,
      ...withContent(resolved(content)),
      embargo: embargo && {},
    });
  }
  if (correct) return decisions.correct({ ...about(correct), ...withContent(resolved(correct.content)) });
  if (post.retract) return decisions.retract(about(post.retract));
  if (post.verify) return decisions.verify(about(post.verify));
  if (post.dispute) return decisions.dispute(about(post.dispute));
  if (post.pin) return decisions.pin(post.pin);
  if (post.key) return decisions.markKey(post.key);
  return decisions.settleCondition(post.settle!);
}

const stories = ['alaska', 'varn-election', 'skerry-storm', 'cup-final'].map(name => [name, storyOf(name)] as const);
const [alaska, election] = stories.map(([, story]) => story) as [
  ReturnType<typeof storyOf>,
  ReturnType<typeof storyOf>,
];

describe.each(stories)('%s', (name, story) => {
  const { recorded, now, state, expected, directory } = story;

  test('an actor is registered after its affiliations, and no name means two actors', () => {
    const registered = new Set<string>();
    for (const { id, profile } of story.actors) {
      for (const affiliation of profile.affiliations) expect(registered).toContain(affiliation);
      for (const called of [id, profile.name, ...profile.aliases]) expect(resolveActor(directory, called)).toBe(id);
      registered.add(id);
    }
  });

  test('there is one expectation for each fact, and no other', () => {
    expect(Object.keys(expected.facts)).toEqual([...recorded.keys()]);
  });

  test.each(Object.entries(expected.facts))('%s has the expected kind, sourcing and modality', (fact, wanted) => {
    const { kind, sourcing, modality } = recorded.get(fact)!;
    expect({
      kind,
      basis: sourcing.basis,
      standing: sourcing.standing,
      source: sourcing.actor ?? sourcing.group,
      mode: modality.mode,
      conditions: modality.conditions?.map(condition => condition.id),
    }).toEqual({ ...wanted, marks: undefined });
  });

  test.each(Object.entries(expected.facts))('%s has each expected mark', (fact, { marks }) => {
    const made = marksOf(recorded.get(fact)!);
    for (const [actor, facets] of Object.entries(marks))
      expect(made.filter(mark => mark.actor === actor).map(mark => mark.facet)).toEqual(expect.arrayContaining(facets));
  });

  test('the expectations name only registered actors', () => {
    const named = [
      ...Object.values(expected.facts).flatMap(fact => Object.keys(fact.marks)),
      ...expected.questions.flatMap(question => question.states.map(({ actor }) => actor)),
    ];
    for (const actor of named) expect(directory.profiles.has(actor)).toBe(true);
  });

  test('every development and every condition ends as expected', () => {
    for (const [fact, end] of Object.entries(expected.ends)) {
      const { status, standing, key } = state.developments.get(fact)!;
      const ended = { status, standing, key, pinned: state.pinned === fact, corrected: now.get(fact)!.headline };
      expect([fact, ended]).toEqual([fact, expect.objectContaining(end)]);
    }
    for (const [condition, fate] of Object.entries(expected.conditions))
      expect([condition, state.settled.get(condition) ?? null]).toEqual([condition, fate]);
  });

  describe('answers:', () => {
    const standing = [...now].filter(([fact]) => state.developments.get(fact)!.status !== 'retracted').reverse();
    const superseded = (fact: string) => state.developments.get(fact)!.status === 'superseded';

    /** Cells from the marks of the active facts, newest first. */
    const cellsOf = (actor: string, facet: string) =>
      Map.groupBy(
        standing.flatMap(([fact, content]) =>
          marksOf(content)
            .filter(mark => mark.actor === actor && mark.facet === facet)
            .map(mark => ({ ...mark, fact, key: mark.key ?? fact })),
        ),
        mark => mark.key,
      );

    const states = expected.questions.flatMap(({ ask, states: asked }) => asked.map(wanted => [ask, wanted] as const));
    test.each(states)('%s', (_, { actor, facet, key, where, cells }) => {
      const found = [...cellsOf(actor, facet)]
        .filter(([cell]) => key === undefined || cell === key)
        .map(([, marks]) => ({ marks, current: marks.find(mark => !superseded(mark.fact))! }))
        .filter(({ current }) => isIn(where, current.value));
      expect(found.map(({ marks }) => marks.map(mark => mark.fact))).toEqual(cells.map(cell => cell.rests));
      found.forEach(({ current }, i) => {
        const { value, basis, source, conditions = {}, standing: sure } = cells[i]!;
        const { sourcing, modality } = now.get(current.fact)!;
        expect(current.fact).toBe(cells[i]!.current);
        expect(current.value).toMatchObject(value);
        if (basis) expect(sourcing.basis).toBe(basis);
        if (source) expect(sourcing.actor ?? sourcing.group).toBe(source);
        if (sure) expect(state.developments.get(current.fact)!.standing).toBe(sure);
        for (const [condition, fate] of Object.entries(conditions)) {
          expect(modality.conditions?.map(({ id }) => id)).toContain(condition);
          expect(state.settled.get(condition) ?? null).toBe(fate);
        }
      });
    });

    const timelines = expected.questions.flatMap(({ ask, timelines: asked }) =>
      asked.map(wanted => [ask, wanted] as const),
    );
    test.each(timelines)('%s (timeline)', (_, { query, facts }) => {
      const { type, condition, ...rest } = query;
      expect(rest).toEqual({});
      const found = [...now].filter(
        ([, { kind, modality }]) =>
          (type === undefined || kind === type) &&
          (condition === undefined || (modality.conditions ?? []).some(({ id }) => id === condition)),
      );
      expect(found.map(([fact]) => fact)).toEqual(facts);
    });
  });

  test('a condition has the same text in every development', () => {
    const texts = Map.groupBy(
      [...now.values()].flatMap(({ modality }) => modality.conditions ?? []),
      condition => condition.id,
    );
    for (const same of texts.values()) expect(new Set(same.map(condition => condition.text)).size).toBe(1);
  });
});

const isIn = (part: Record<string, unknown>, whole: Readonly<Record<string, unknown>>) =>
  Object.entries(part).every(([key, value]) => whole[key] === value);

describe('the Alaska story', () => {
  const contentOf = (fact: string) => alaska.recorded.get(fact)!;

  test('it has one post for each of its 51 facts, in order, and no other', () => {
    const labels = Array.from({ length: 51 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`);
    expect(alaska.posts.map(({ fact }) => fact)).toEqual(labels);
    expect(alaska.posts.every(post => post.record)).toBe(true);
  });

  test('it quotes its speakers literally', () => {
    const quotes = [...alaska.recorded].flatMap(([fact, { data }]) => ('quote' in data ? [[fact, data.quote]] : []));
    expect(quotes).toEqual([
      ['F15', 'If there is no ceasefire today, I am not happy, but I hope that a peace agreement will be possible'],
      ['F51', 'I hope for peace. The world deserves it.'],
    ]);
  });

  test('the time of a fact is the day or unknown, as in its sources', () => {
    for (const { occurred } of alaska.recorded.values())
      expect([{ precision: 'unknown' }, { from: '2025-08-15T00:00:00-08:00', precision: 'day' }]).toContainEqual(
        occurred,
      );
  });

  test('both spellings of the envoy’s name, of which F12 has one, mean the same actor', () => {
    const posted = alaska.posts.find(({ fact }) => fact === 'F12')!.record!.content;
    expect(JSON.stringify(posted.data)).toContain('Wittkoff');
    expect(JSON.stringify(contentOf('F12').data)).not.toContain('Wittkoff');
    expect(resolveActor(alaska.directory, 'Witkoff')).toBe(resolveActor(alaska.directory, 'Wittkoff'));
  });

  test('F10 supersedes F09', () => {
    expect(alaska.state.developments.get('F09')).toMatchObject({ status: 'superseded', supersededBy: 'F10' });
  });

  test('it has nine questions', () => expect(alaska.expected.questions).toHaveLength(9));
});

describe('all stories together', () => {
  test('the stories use every kind and every modality, and the election uses every command', () => {
    const all = stories.flatMap(([, { recorded }]) => [...recorded.values()]);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(catalogue.map(({ kind }) => kind)));
    expect(new Set(all.map(({ modality }) => modality.mode))).toEqual(
      new Set(['asserted', 'planned', 'conditional', 'denied']),
    );
    expect(new Set(election.posts.flatMap(post => Object.keys(post)))).toEqual(
      new Set(['fact', 'record', 'correct', 'retract', 'verify', 'dispute', 'pin', 'key', 'settle']),
    );
    expect(election.recorded.size).toBeGreaterThanOrEqual(18);
  });

  test('the two long stories have 52 and 72 posts, and none of kind context', () => {
    const lengths = stories.slice(2).map(([name, { posts }]) => [name, posts.length]);
    expect(lengths).toEqual([
      ['skerry-storm', 52],
      ['cup-final', 72],
    ]);
    for (const [, { recorded }] of stories.slice(2))
      expect([...recorded.values()].filter(({ kind }) => kind === 'context')).toEqual([]);
  });

  test('no two stories use the same actor', () => {
    const ids = stories.flatMap(([, { actors }]) => actors.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('the catalogue of kinds names no actor of a story', () => {
    const folder = projectFile('libs/domain/src/developments');
    const themes = readdirSync(folder).filter(file => !file.endsWith('.unit.ts'));
    const source = themes.map(theme => readFileSync(join(folder, theme), 'utf8')).join('\n');
    for (const [, { actors }] of stories)
      for (const { profile } of actors.filter(({ profile }) => profile.kind !== 'group'))
        expect(source).not.toContain(profile.name);
  });
});

import { describe, expect, test } from '@jest/globals';
import { given, name } from './given.fixture.js';
import { kindNamed } from './index.js';

const linesOf = (kind: string, data: object) => {
  const entry = kindNamed(kind)!;
  return entry.lines!(entry.schema.parse(data), name);
};

describe('a result', () => {
  const tally = [
    { party: 'ada', count: 12_345, share: 51.2 },
    { party: 'ben', count: 9_876, share: 41 },
  ];
  const counted = { counted: 412, total: 1_600, of: 'ballot boxes' };
  const running = { contest: 'mayor', state: 'counting', tally, counted };

  test('a result marks one cell for each party, keyed by the contest, so that a later result replaces it', () => {
    const common = { contest: 'mayor', state: 'counting', counted };
    given('result', running).then('Mayor, 412 of 1,600 ballot boxes counted: Ada Quist 51.2 % and Ben Ode 41 %', [
      { actor: 'ada', facet: 'result', key: 'mayor', value: { ...common, count: 12_345, share: 51.2 } },
      { actor: 'ben', facet: 'result', key: 'mayor', value: { ...common, count: 9_876, share: 41 } },
    ]);
    expect(linesOf('result', running)).toEqual([
      'Ada Quist: 12,345 votes, 51.2 %',
      'Ben Ode: 9,876 votes, 41 %',
      '412 of 1,600 ballot boxes counted',
    ]);
  });

  test('the headline of a result says whether it is called or final, and for whom it is called', () => {
    const won = [
      { party: 'ada', count: 4, fortune: 'won' },
      { party: 'ben', count: 3 },
    ];
    const value = { contest: 'council', unit: 'seats' };
    given('result', { ...value, state: 'called', tally: won }).then(
      'Council, called for Ada Quist: Ada Quist 4 and Ben Ode 3',
      [
        {
          actor: 'ada',
          facet: 'result',
          key: 'council',
          value: { ...value, state: 'called', count: 4, fortune: 'won' },
        },
        { actor: 'ben', facet: 'result', key: 'council', value: { ...value, state: 'called', count: 3 } },
      ],
    );
    expect(kindNamed('result')!.headline({ ...value, state: 'final', tally: won } as never, name)).toBe(
      'Council, final result: Ada Quist 4 and Ben Ode 3',
    );
  });

  test("a referendum's result has options instead of parties, and marks no actor", () =>
    given('result', {
      contest: 'sea-wall',
      state: 'final',
      tally: [
        { option: 'Yes', share: 60 },
        { option: 'No', share: 40 },
      ],
    }).then('Sea wall, final result: Yes 60 % and No 40 %', []));

  const refused = (change: object, field: string, message: RegExp) =>
    given('result', { ...running, ...change }).thenRefused(field, message);

  test('a result with impossible figures is refused, and the error names the field', () => {
    refused({ tally: [tally[0], { ...tally[1], party: 'ada' }] }, 'tally.1.party', /only once/);
    refused({ tally: [{ party: 'ada', option: 'Yes', count: 1 }] }, 'tally.0.option', /if there is no party/);
    refused({ tally: [{ count: 1 }] }, 'tally.0.option', /if there is no party/);
    refused({ tally: [{ party: 'ada' }] }, 'tally.0.count', /unless a share is/);
    refused({ tally: [{ party: 'ada', count: 1.5 }] }, 'tally.0.count', /int/);
    refused(
      {
        tally: [
          { party: 'ada', share: 60 },
          { party: 'ben', share: 41.1 },
        ],
      },
      'tally',
      /100 %/,
    );
    refused({ tally: [{ party: 'ada', count: 1, fortune: 'won' }] }, 'tally.0.fortune', /until the contest is called/);
    refused({ counted: { ...counted, counted: 1_601 } }, 'counted.counted', /more than the total/);
  });

  test('a result has at most 50 sides, each with a count up to ten thousand million', () => {
    const { schema } = kindNamed('result')!;
    const sides = (number: number, count = 1) => ({
      ...running,
      tally: Array.from({ length: number }, (_, i) => ({ option: `Option ${i}`, count })),
    });
    expect(schema.safeParse(sides(50, 10_000_000_000)).success).toBe(true);
    expect(schema.safeParse(sides(51)).success).toBe(false);
    expect(schema.safeParse(sides(1, 10_000_000_001)).success).toBe(false);
  });

  test('shares that add up to 101 % because of rounding are accepted', () => {
    const rounded = [
      { party: 'ada', share: 60 },
      { party: 'ben', share: 41 },
    ];
    expect(kindNamed('result')!.schema.safeParse({ ...running, tally: rounded }).success).toBe(true);
  });
});

describe('a decision', () => {
  const ruling = {
    by: 'isle',
    matter: 'sea-wall',
    decision: 'The wall is rebuilt',
    ruling: 'passed',
    vote: { for: 7, against: 5, abstained: 1 },
    parties: ['ada', 'isle'],
  };

  test('a decision marks a cell of the body and of each actor concerned, keyed by the matter', () => {
    const { by: _, parties: __, ...told } = ruling;
    given('decision', ruling).then('Isle Council on sea wall: The wall is rebuilt (7 to 5, 1 abstained)', [
      { actor: 'isle', facet: 'decision', key: 'sea-wall', value: { ...told, parties: ['ada'] } },
      { actor: 'ada', facet: 'decision', key: 'sea-wall', value: { ...told, by: 'isle' } },
    ]);
    expect(linesOf('decision', ruling)).toEqual(['The wall is rebuilt', 'Vote: 7 to 5, 1 abstained']);
  });

  test('a decision may have no vote', () =>
    given('decision', { by: 'isle', matter: 'recount', decision: 'There is none' }).then(
      'Isle Council on recount: There is none',
      [
        {
          actor: 'isle',
          facet: 'decision',
          key: 'recount',
          value: { matter: 'recount', decision: 'There is none', parties: [] },
        },
      ],
    ));
});

describe('an incident', () => {
  const fire = {
    incident: 'pier-fire',
    what: 'fire on the pier',
    place: 'the harbour',
    affected: ['isle'],
    counts: [
      { of: 'dead', least: 2 },
      { of: 'injured', least: 10, most: 14, by: 'ada' },
      { of: 'missing', exactly: 1 },
      { of: 'without-power', most: 1_200 },
    ],
  };

  test('an incident marks one cell for each count, with its range and its source', () => {
    const cell = (of: string, value: object) => ({
      actor: 'isle',
      facet: 'count',
      key: `pier-fire-${of}`,
      value: { incident: 'pier-fire', of, ...value },
    });
    given('incident', fire).then(
      'The harbour: fire on the pier: at least 2 dead, 10 to 14 injured, 1 missing and up to 1,200 without power',
      [
        cell('dead', { least: 2 }),
        cell('injured', { least: 10, most: 14, by: 'ada' }),
        { actor: 'ada', facet: 'mention', value: { incident: 'pier-fire', of: 'injured', least: 10, most: 14 } },
        cell('missing', { exactly: 1 }),
        cell('without-power', { most: 1_200 }),
      ],
    );
    expect(linesOf('incident', fire)[1]).toBe('10 to 14 injured, says Ada Quist');
  });

  test('a count that is missing, negative, given twice or has its range reversed is refused', () => {
    const refused = (counts: object[], field: string, message: RegExp) =>
      given('incident', { ...fire, counts }).thenRefused(field, message);
    refused([{ of: 'dead' }], 'counts.0.exactly', /unless least or most is/);
    refused([{ of: 'dead', exactly: 1, least: 1 }], 'counts.0.exactly', /left out/);
    refused([{ of: 'dead', least: 3, most: 2 }], 'counts.0.most', /not be less/);
    refused([{ of: 'dead', exactly: -1 }], 'counts.0.exactly', />=0/);
    refused(
      [
        { of: 'dead', exactly: 1 },
        { of: 'dead', exactly: 2 },
      ],
      'counts.1.of',
      /only once/,
    );
  });
});

describe('a score', () => {
  const goal = {
    match: 'cup-final',
    teams: [
      { team: 'isle', score: 2 },
      { team: 'cleo', score: 1 },
    ],
    phase: 'in-play',
    minute: 90,
    added: 3,
    scorer: 'ada',
    how: 'penalty',
  };
  const at = { match: 'cup-final', minute: 90, added: 3 };

  test('a score marks one cell for each team, keyed by the match, and a goal of the scorer', () => {
    given('score', goal).then('Isle Council 2–1 Cleo Marr (Ada Quist, penalty, 90+3′)', [
      {
        actor: 'isle',
        facet: 'score',
        key: 'cup-final',
        value: { ...at, score: 2, against: 1, opponent: 'cleo', phase: 'in-play' },
      },
      {
        actor: 'cleo',
        facet: 'score',
        key: 'cup-final',
        value: { ...at, score: 1, against: 2, opponent: 'isle', phase: 'in-play' },
      },
      { actor: 'ada', facet: 'goal', value: { ...at, how: 'penalty' } },
    ]);
    expect(linesOf('score', goal)).toEqual(['Isle Council 2–1 Cleo Marr', 'Ada Quist, penalty, 90+3′']);
  });

  test('the headline of a score without a scorer says the phase and the result of a shoot-out', () => {
    const teams = [
      { team: 'isle', score: 2, shootout: 4 },
      { team: 'cleo', score: 2, shootout: 3 },
    ];
    const { headline } = kindNamed('score')!;
    expect(headline({ match: 'cup-final', teams, phase: 'ended' } as never, name)).toBe(
      'Isle Council 2–2 (4–3 in the shoot-out) Cleo Marr (ended)',
    );
    const kicked = kindNamed('score')!.marks({ match: 'cup-final', teams, phase: 'shoot-out', scorer: 'ada' } as never);
    expect(kicked.at(-1)).toMatchObject({ actor: 'ada', facet: 'act' });
  });

  test('a score of a team against itself, or with an incomplete shoot-out, minute or scorer is refused', () => {
    const refused = (change: object, field: string, message: RegExp) =>
      given('score', { ...goal, ...change }).thenRefused(field, message);
    const [home, away] = goal.teams;
    refused({ teams: [home, { ...away, team: 'isle' }] }, 'teams.1.team', /another team/);
    refused({ teams: [{ ...home, shootout: 1 }, away] }, 'teams.1.shootout', /both teams/);
    refused({ minute: undefined }, 'added', /with the minute/);
    refused({ scorer: undefined }, 'how', /with the scorer/);
    refused({ teams: [home] }, 'teams', /2/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { given, name } from './given.fixture.js';
import { kindNamed } from './index.js';

describe('an update', () => {
  test('the headline of an update is its first sentence, and an update marks no actor', () => {
    const { headline, marks, schema } = kindNamed('update')!;
    const data = schema.parse({});
    expect(headline(data, name, undefined, 'the **ferry** is back. It will stay.')).toBe('The ferry is back');
    expect(headline(data, name)).toBe('Update');
    expect(marks(data)).toEqual([]);
  });
});

describe('presence', () => {
  test('an arrival marks the presence of each actor who came, with the place and the others', () =>
    given('arrival', { actors: ['ada'], with: ['ben'], place: 'the harbour', means: 'by ferry', from: 'Oslo' }).then(
      'The harbour: arrival of Ada Quist, with Ben Ode, from Oslo, by ferry',
      ['ada', 'ben'].map(actor => ({
        actor,
        facet: 'presence',
        key: 'whereabouts',
        value: { place: 'the harbour', means: 'by ferry', from: 'Oslo', with: [actor === 'ada' ? 'ben' : 'ada'] },
      })),
    ));

  test('a departure marks the place that was left, not a new place', () =>
    given('departure', { actors: ['ada'], place: 'the harbour', to: 'Oslo' }).then(
      'The harbour: departure of Ada Quist, bound for Oslo',
      [{ actor: 'ada', facet: 'presence', key: 'whereabouts', value: { left: 'the harbour', to: 'Oslo', with: [] } }],
    ));

  test('a ceremony marks an act of the host and each guest, and their presence if it has a place', () =>
    given('ceremony', { ceremony: 'wreath-laying', host: 'ada', guests: ['ben'], place: 'the quay' }).then(
      'The quay: wreath-laying with Ben Ode, hosted by Ada Quist',
      [
        { actor: 'ada', facet: 'act', value: { act: 'wreath-laying', role: 'host', place: 'the quay', with: ['ben'] } },
        {
          actor: 'ben',
          facet: 'act',
          value: { act: 'wreath-laying', role: 'guest', place: 'the quay', with: ['ada'] },
        },
        ...['ada', 'ben'].map(actor => ({
          actor,
          facet: 'presence',
          key: 'whereabouts',
          value: { place: 'the quay', occasion: 'wreath-laying', with: [actor === 'ada' ? 'ben' : 'ada'] },
        })),
      ],
    ));

  test("a ceremony without a place marks nobody's presence", () =>
    given('ceremony', { ceremony: 'swearing-in', guests: ['ada'] }).then('Swearing-in with Ada Quist', [
      { actor: 'ada', facet: 'act', value: { act: 'swearing-in', role: 'guest', with: [] } },
    ]));
});

describe('meetings', () => {
  const cell = (actor: string) => ({ actor, facet: 'meeting', key: 'coalition-talks' });

  test('a meeting marks one cell for each participant, keyed by the meeting', () =>
    given('meeting-scheduled', {
      meeting: 'coalition-talks',
      participants: ['ada', 'ben'],
      format: 'round table',
      place: 'the town hall',
    }).then('The town hall: round table of Ada Quist and Ben Ode', [
      { ...cell('ada'), value: { format: 'round table', place: 'the town hall', with: ['ben'] } },
      { ...cell('ben'), value: { format: 'round table', place: 'the town hall', with: ['ada'] } },
    ]));

  test("a change of format marks the meeting's cell and keeps the former format", () =>
    given('meeting-format-changed', {
      meeting: 'coalition-talks',
      participants: ['ada'],
      from: 'round table',
      to: 'written exchange',
      reason: 'the ferry is not running',
    }).then('Change of format: written exchange instead of round table for Ada Quist: the ferry is not running', [
      {
        ...cell('ada'),
        value: { format: 'written exchange', before: 'round table', reason: 'the ferry is not running', with: [] },
      },
    ]));

  test('a delegation marks a role for each member, and each member for the actor who sent them', () =>
    given('delegation-named', { of: 'isle', members: [{ actor: 'ada', role: 'chair', remit: 'the budget' }] }).then(
      'Isle Council delegation: Ada Quist (chair)',
      [
        { actor: 'ada', facet: 'role', key: 'isle', value: { role: 'chair', remit: 'the budget', of: 'isle' } },
        {
          actor: 'isle',
          facet: 'delegation',
          key: 'ada',
          value: { member: 'ada', role: 'chair', remit: 'the budget' },
        },
      ],
    ));
});

describe('speech', () => {
  test('a quotation marks a statement of its speaker, and a mention of those it is about or addressed to', () =>
    given('statement', { speaker: 'ada', quote: 'We stay.', about: ['isle'], to: ['ben'], occasion: 'a rally' }).then(
      'Ada Quist to Ben Ode: “We stay.”',
      [
        {
          actor: 'ada',
          facet: 'statement',
          value: { quote: 'We stay.', about: ['isle'], to: ['ben'], occasion: 'a rally' },
        },
        { actor: 'isle', facet: 'mention', value: { by: 'ada', quote: 'We stay.', occasion: 'a rally' } },
        { actor: 'ben', facet: 'mention', value: { by: 'ada', quote: 'We stay.', occasion: 'a rally' } },
      ],
    ));

  test('the headline of a paraphrase has no quotation marks', () =>
    given('statement', { speaker: 'ada', paraphrase: 'the count will go on all night' }).then(
      'Ada Quist: the count will go on all night',
      [{ actor: 'ada', facet: 'statement', value: { paraphrase: 'the count will go on all night' } }],
    ));

  test('an empty quotation is refused, and the error names the field', () =>
    given('statement', { speaker: 'ada', quote: '' }).thenRefused('quote', /must not be empty/));

  test('a statement without quotation and paraphrase is refused', () =>
    given('statement', { speaker: 'ada' }).thenRefused('quote', /unless a paraphrase is given/));

  test('a statement with both quotation and paraphrase is refused', () =>
    given('statement', { speaker: 'ada', quote: 'No.', paraphrase: 'no' }).thenRefused(
      'paraphrase',
      /must be left out/,
    ));

  test('a reaction marks all its stances in one value for each actor', () => {
    const stances = [
      { stance: 'hope', text: 'a calm night' },
      { stance: 'concern', text: 'the sea wall is old' },
    ];
    given('reaction', { actors: ['ada', 'ben'], stances, to: 'the forecast' }).then(
      'Hope and concern from Ada Quist and Ben Ode over the forecast: a calm night',
      ['ada', 'ben'].map(actor => ({ actor, facet: 'reaction', value: { to: 'the forecast', stances } })),
    );
  });

  test('a warning marks one actor who gives it, and each actor who receives it', () =>
    given('warning', { actor: 'isle', to: ['ada', 'ben'], threat: 'flooding at high tide', level: 'red' }).then(
      'Red warning from Isle Council to Ada Quist and Ben Ode: flooding at high tide',
      [
        {
          actor: 'isle',
          facet: 'warning-given',
          value: { to: ['ada', 'ben'], threat: 'flooding at high tide', level: 'red' },
        },
        ...['ada', 'ben'].map(actor => ({
          actor,
          facet: 'warning-received',
          value: { from: 'isle', threat: 'flooding at high tide', level: 'red' },
        })),
      ],
    ));

  test('a proposal marks its proposer and each of its parties', () =>
    given('proposal', { by: 'ada', proposal: 'a joint list', parties: ['ben', 'ada'] }).then(
      'Proposal by Ada Quist: a joint list',
      [
        { actor: 'ada', facet: 'proposal', value: { proposal: 'a joint list', part: 'proposer', parties: ['ben'] } },
        { actor: 'ben', facet: 'proposal', value: { proposal: 'a joint list', part: 'party', by: 'ada' } },
      ],
    ));
});

describe('stances', () => {
  test('positions on an issue mark one cell for each side, and a demand if a side makes one', () =>
    given('position', {
      issue: 'sea-wall',
      positions: [
        { actor: 'ada', stance: 'rebuild it' },
        { actor: 'ben', stance: 'leave it', demand: 'a vote' },
      ],
    }).then('Positions on sea wall: Ada Quist: rebuild it; Ben Ode: leave it', [
      { actor: 'ada', facet: 'position', key: 'sea-wall', value: { issue: 'sea-wall', stance: 'rebuild it' } },
      { actor: 'ben', facet: 'position', key: 'sea-wall', value: { issue: 'sea-wall', stance: 'leave it' } },
      { actor: 'ben', facet: 'demand', value: { demand: 'a vote', issue: 'sea-wall' } },
    ]));

  test('a demand marks the actor who makes it, and mentions the actor to whom it is made', () =>
    given('demand', { actor: 'ada', demand: 'a recount', of: ['isle'] }).then(
      'Demand by Ada Quist to Isle Council: a recount',
      [
        { actor: 'ada', facet: 'demand', value: { demand: 'a recount', of: ['isle'] } },
        { actor: 'isle', facet: 'mention', value: { by: 'ada', demand: 'a recount' } },
      ],
    ));

  test('an obstacle marks each actor behind it, and its demands mark who makes them and who is asked', () =>
    given('obstacle', {
      issue: 'sea-wall',
      obstacle: 'nobody will pay',
      actors: ['ada'],
      demands: [{ actor: 'ben', demand: 'half the cost', of: ['isle'] }],
    }).then('Sticking point on sea wall: nobody will pay', [
      { actor: 'ada', facet: 'obstacle', key: 'sea-wall', value: { issue: 'sea-wall', obstacle: 'nobody will pay' } },
      { actor: 'ben', facet: 'demand', value: { demand: 'half the cost', of: ['isle'], issue: 'sea-wall' } },
      { actor: 'isle', facet: 'mention', value: { by: 'ben', demand: 'half the cost', issue: 'sea-wall' } },
    ]));
});

describe('prospects', () => {
  test('a scenario marks a prospect of each actor whom it affects', () =>
    given('scenario', { outcome: 'the ferry stops', issue: 'transport', actors: ['ada', 'ben'] }).then(
      'the ferry stops',
      [
        { actor: 'ada', facet: 'prospect', value: { outcome: 'the ferry stops', issue: 'transport', with: ['ben'] } },
        { actor: 'ben', facet: 'prospect', value: { outcome: 'the ferry stops', issue: 'transport', with: ['ada'] } },
      ],
    ));

  test('an outcome marks a cell that is keyed by its subject', () =>
    given('outcome', { of: 'recount', result: 'decided', summary: 'Ada Quist by nine votes', actors: ['ada'] }).then(
      'Recount, decided: Ada Quist by nine votes',
      [
        {
          actor: 'ada',
          facet: 'outcome',
          key: 'recount',
          value: { result: 'decided', summary: 'Ada Quist by nine votes', of: 'recount' },
        },
      ],
    ));
});

describe('setting', () => {
  test('a market move with a reason also marks a reaction of the market', () =>
    given('market-move', {
      market: 'oil',
      direction: 'fall',
      change: { value: 2.5, unit: '%' },
      reason: 'the calm',
    }).then('Fall in Oil of 2.5 %: the calm', [
      {
        actor: 'oil',
        facet: 'market',
        key: 'move',
        value: { direction: 'fall', change: { value: 2.5, unit: '%' }, reason: 'the calm' },
      },
      { actor: 'oil', facet: 'reaction', value: { stances: [{ stance: 'fall', text: 'the calm' }] } },
    ]));

  test('a halted market with a size of move is refused', () =>
    given('market-move', { market: 'oil', direction: 'halt', change: { value: 1, unit: '%' } }).thenRefused(
      'change',
      /must be left out/,
    ));

  test('context marks each of its actors, and a relation marks both of its sides', () =>
    given('context', {
      topic: 'old rivals',
      actors: ['cleo'],
      relation: { between: ['ada', 'ben'], state: 'not on speaking terms' },
    }).then('Old rivals: Ada Quist and Ben Ode: not on speaking terms', [
      { actor: 'cleo', facet: 'context', value: { topic: 'old rivals' } },
      { actor: 'ada', facet: 'relation', key: 'ben', value: { to: 'ben', state: 'not on speaking terms' } },
      { actor: 'ben', facet: 'relation', key: 'ada', value: { to: 'ada', state: 'not on speaking terms' } },
    ]));
});

test('headlines read as a newsroom writes them, not as rows of a table', () => {
  const said = (kind: string, data: object) => {
    const { schema, headline } = kindNamed(kind)!;
    return headline(schema.parse(data) as never, name);
  };
  const tally = [{ party: 'ada', share: 51 }];
  expect([
    said('position', { issue: 'sea-wall', positions: [{ actor: 'ada', stance: 'rebuild it' }] }),
    said('outcome', { result: 'ended', summary: 'The fire is out.' }),
    said('outcome', { of: 'harbour-talks', result: 'partial', summary: 'Wages are settled.' }),
    said('result', { contest: 'mayor', state: 'counting', tally }),
    said('result', { contest: 'mayor', state: 'called', tally: [{ ...tally[0], fortune: 'won' }] }),
    said('result', { contest: 'mayor', state: 'called', tally }),
  ]).toEqual([
    'Ada Quist on sea wall: rebuild it',
    'Ended: The fire is out.',
    'Harbour talks, partly agreed: Wages are settled.',
    'Mayor, so far: Ada Quist 51 %',
    'Mayor, called for Ada Quist: Ada Quist 51 %',
    'Mayor, called: Ada Quist 51 %',
  ]);
});

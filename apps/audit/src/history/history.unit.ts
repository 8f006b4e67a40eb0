import {
  decisions,
  evolve,
  isRefusal,
  noStory,
  storyStream,
  type OpenCommit,
  type OpenEvent,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { describe, expect, test } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { at, id, said, story, withContent } from '../newsroom.fixture.js';
import { actorMeant, developmentsBehind } from './trail.js';
import { behind, differences, entriesOf } from './entries.js';
import { hidden, openProposals } from './gap.js';
import { lateOf } from './late.js';
import { durationOf, durationText, momentOf } from './moments.js';
import { bounded, moreLines, entriesPerAnswer } from './answer.js';
import { entryColumns, entryLine, table } from './print.js';

/** The commits of a story with these decisions, from position 1 on. */
function commitsOf(...decided: readonly StoryDecision[]): OpenCommit[] {
  let room: StoryState = noStory;
  return decided.map((decision, i) => {
    const events = decision(room);
    if (isRefusal(events)) throw new Error(events.detail);
    const position = i + 1;
    const origin = { id: `c${position}`, by: { id: 'ed', name: 'Ed' }, recorded: at(position) };
    room = events.reduce((before, event) => evolve(before, event, origin), room);
    const place = { stream: storyStream(story), seq: position, parent: `c${i}`, position };
    return { ...origin, ...place, command: `k${position}`, events: events as OpenEvent[], sealed: [] };
  });
}

const open = decisions.openStory({
  text: 'ffffffff-0000-4000-8000-000000000000',
  zone: 'UTC',
  told: { title: 'The storm' },
});
const record = (number: number, content = said(`No. ${number}`), more = {}) =>
  decisions.recordDevelopment({ ...withContent(number, content), ...more });
const hanging = { modality: { mode: 'conditional' as const, conditions: [{ id: 'calm', text: 'it calms' }] } };
const commits = commitsOf(
  open,
  record(1),
  record(2),
  decisions.correct(
    withContent(1, said('No. One', { body: 'All of it.' }), { wrong: 'The number.', reason: 'Misheard.' }),
  ),
  record(3, said('No. 3', hanging), { supersedes: id(1) }),
  decisions.verify({ development: id(2), told: { note: 'Two saw it.' } }),
  decisions.settleCondition({ condition: 'calm', fate: 'met', reason: 'It did.' }),
  decisions.retract({ development: id(3), told: { reason: 'Made up.' } }),
);
const visibilityLog = [
  { first: 1, last: 3, at: '2026-01-01T12:04:00.000Z' },
  { first: 4, last: 6, at: '2026-01-01T12:07:00.000Z' },
];
const entries = entriesOf(commits, visibilityLog);
const acts = (of: typeof entries) => of.map(({ position, act }) => `${position} ${act}`);

test('a classification and a minor edit are listed with what they changed, and cells know both', () => {
  const update = { ...said('Here.'), kind: 'update', headline: 'She is heer', body: 'She is heer.', data: {} };
  const told = { kind: 'arrival', data: { actors: ['mayor'], place: 'Harbour' } };
  const texts = { headline: 'She is here', body: 'She is here.' };
  const { outline } = withContent(1, { ...update, ...told, ...texts });
  const mine = commitsOf(
    open,
    record(1, update),
    decisions.classify({ development: id(1), outline: withContent(1, { ...update, ...told }).outline, told }),
    decisions.copyEdit({ development: id(1), outline, told: texts }),
  );
  const [, , classified, edited] = entriesOf(mine, visibilityLog);
  expect(classified).toMatchObject({
    act: 'DevelopmentClassified',
    headline: 'She is heer',
    by: { id: 'ed' },
    changes: [
      { field: 'kind', before: 'update', after: 'arrival' },
      { field: 'data.actors', before: undefined, after: ['mayor'] },
      { field: 'data.place', before: undefined, after: 'Harbour' },
    ],
  });
  expect(edited).toMatchObject({
    act: 'DevelopmentCopyEdited',
    headline: 'She is here',
    changes: [
      { field: 'headline', before: 'She is heer', after: 'She is here' },
      { field: 'body', before: 'She is heer.', after: 'She is here.' },
    ],
  });
  expect(developmentsBehind(mine, { actor: 'mayor', facet: 'presence' })).toEqual(new Set([id(1)]));
});

test('a page that was captured again is listed with what it says now', () => {
  const first = { url: 'https://news.example/', title: 'Talks go on', sources: ['html' as const] };
  const capture = { ...first, at: '2026-01-01T12:00:00Z', proof: 'p'.repeat(43) };
  const again = { title: 'Talks end', sources: capture.sources, at: '2026-01-01T14:00:00Z', proof: capture.proof };
  const linking = said('Here.', { captures: [capture] });
  const told = { captures: [{ ...capture, again }] };
  const { outline } = withContent(1, { ...linking, ...told });
  const mine = commitsOf(open, record(1, linking), decisions.recapture({ development: id(1), outline, told }));
  const { act, changes } = entriesOf(mine, visibilityLog).at(-1)!;
  expect(act).toBe('DevelopmentRecaptured');
  expect(changes.every(({ field }) => field.startsWith('captures'))).toBe(true);
  expect(JSON.stringify(changes)).toContain('Talks end');
});

describe('the events of a story for auditors', () => {
  test('every event is listed, with its author, its times and its content', () => {
    expect(acts(entries)).toEqual([
      '1 StoryOpenedSealed',
      '2 DevelopmentRecorded',
      '3 DevelopmentRecorded',
      '4 DevelopmentCorrected',
      '5 DevelopmentRecorded',
      '5 DevelopmentSuperseded',
      '6 DevelopmentVerified',
      '7 ConditionSettled',
      '8 DevelopmentRetracted',
      '8 DevelopmentReinstated',
    ]);
    expect(entries.map(({ visible }) => visible?.slice(14, 16))).toEqual([
      '04',
      '04',
      '04',
      '07',
      '07',
      '07',
      '07',
      undefined,
      undefined,
      undefined,
    ]);
    expect(entries[1]).toMatchObject({
      by: { name: 'Ed' },
      recorded: at(2),
      occurred: { from: '2026-01-01T12:00:00Z' },
      sourcing: { basis: 'on-record', actor: 'mayor' },
    });
  });

  test('a correction lists the changed fields, what was wrong and why', () =>
    expect(entries[3]).toMatchObject({
      headline: 'Mayor: No. One',
      wrong: 'The number.',
      why: 'Misheard.',
      changes: [
        { field: 'headline', before: 'Mayor: No. 1', after: 'Mayor: No. One' },
        { field: 'data.quote', before: 'No. 1', after: 'No. One' },
        { field: 'body', before: undefined, after: 'All of it.' },
      ],
    }));

  test('the events behind a development include its replacement and the end of that replacement', () =>
    expect(acts(behind(entries, new Set([id(1)])))).toEqual([
      '2 DevelopmentRecorded',
      '4 DevelopmentCorrected',
      '5 DevelopmentSuperseded',
      '8 DevelopmentReinstated',
    ]));

  test('the events behind a conditional development include the outcome of its condition', () =>
    expect(acts(behind(entries, new Set([id(3)])))).toContain('7 ConditionSettled'));

  test('the events behind an unconditional development include no condition', () =>
    expect(acts(behind(entries, new Set([id(2)])))).toEqual(['3 DevelopmentRecorded', '6 DevelopmentVerified']));

  test('the events are printed in columns, with their words below', () => {
    const [names, first, , , corrected, ...rest] = table(entryColumns, entries.slice(0, 4).map(entryLine)).map(line =>
      strip(line),
    );
    expect(names).toMatch(/^position {2}recorded +visible +by +act +what$/);
    expect(first!.indexOf('The storm')).toBe(names!.indexOf('what'));
    expect([corrected, ...rest].join('\n')).toContain('data.quote: "No. 1" → "No. One"');
  });
});

const strip = stripVTControlCharacters;

describe('the developments behind an actor’s state', () => {
  const speaking = commitsOf(
    open,
    record(1),
    record(2, said('Hers.', { data: { speaker: 'mayor', quote: 'Hers.' } })),
    decisions.correct(
      withContent(
        2,
        said('His.', {
          data: { speaker: 'pilot', quote: 'His.' },
          sourcing: { basis: 'desk', standing: 'reported' },
        }),
        { wrong: 'Who.', reason: 'So.' },
      ),
    ),
    decisions.retract({ development: id(1), told: { reason: 'No.' } }),
  );

  test('developments that said so before they were corrected or retracted count too', () => {
    expect(developmentsBehind(speaking, { actor: 'mayor', facet: 'statement' })).toEqual(new Set([id(1), id(2)]));
    expect(developmentsBehind(speaking, { actor: 'pilot', facet: 'statement' })).toEqual(new Set([id(2)]));
    expect(developmentsBehind(speaking, { actor: 'pilot', facet: 'presence' })).toEqual(new Set());
  });

  test('a key limits the list to the developments of that key', () => {
    const keyed = (key: string) => developmentsBehind(speaking, { actor: 'mayor', facet: 'statement', key });
    expect(keyed(id(1))).toEqual(new Set([id(1)]));
    expect(keyed('other')).toEqual(new Set());
  });

  test('the actor can be given by id, name or alias', () => {
    const [first] = commits;
    const registry: OpenCommit[] = [
      {
        ...first!,
        stream: 'actor:mayor',
        events: [
          { type: 'ActorRegistered', data: { name: 'Ann Berg', kind: 'person', aliases: ['Berg'], affiliations: [] } },
        ],
      },
    ];
    expect(['mayor', 'ann berg', 'Berg'].map(ref => actorMeant(registry, ref))).toEqual(['mayor', 'mayor', 'mayor']);
    expect(() => actorMeant(registry, 'Ann')).toThrow(/Did you mean mayor/);
  });
});

describe('differences', () => {
  test('differences are listed down to the innermost fields of objects', () =>
    expect(differences({ a: { b: 1, c: [1, 2], d: 0 }, e: 1 }, { e: 1, a: { c: [2], b: 1, f: null } })).toEqual([
      { field: 'a.c', before: [1, 2], after: [2] },
      { field: 'a.d', before: 0, after: undefined },
      { field: 'a.f', before: undefined, after: null },
    ]));
});

describe('what was recorded late', () => {
  const row = (recorded: string, occurred: object, position = 1) =>
    ({ recorded: `2026-01-0${recorded}:00.000Z`, occurred, position, development: id(position) }) as never;
  const hour = { from: '2026-01-01T09:00:00Z', precision: 'hour' };

  test('what was recorded too long after its end is late, and the list begins with the latest', () => {
    const rows = [row('2T10:00', hour, 1), row('2T10:01', hour, 2), row('3T10:00', hour, 3)];
    const late = lateOf(rows, durationOf('24h'));
    expect(late.map(({ position, lateMs }) => [position, durationText(lateMs)])).toEqual([
      [3, '2 d'],
      [2, '1 d'],
    ]);
  });

  test('what may have gone on until it was recorded, or has no known end, is not late', () => {
    expect(lateOf([row('2T10:00', { from: '2026-01-02T00:00:00Z', precision: 'day' })], 0)).toEqual([]);
    expect(lateOf([row('9T10:00', { from: '2026-01-01T00:00:00Z', precision: 'unknown' })], 0)).toEqual([]);
    expect(lateOf([row('9T10:00', { precision: 'unknown' })], 0)).toEqual([]);
    expect(lateOf([row('9T10:00', { to: '2026-01-01T00:00:00Z', precision: 'unknown' })], 0)).toHaveLength(1);
  });
});

describe('moments and durations', () => {
  test('a moment is a position, or an instant with an offset', () => {
    expect(momentOf('42')).toEqual({ position: 42 });
    expect(momentOf('2026-01-31T09:00:00-09:00')).toEqual({ instant: '2026-01-31T18:00:00.000Z' });
    expect(momentOf('2026-01-31T09:00Z')).toEqual({ instant: '2026-01-31T09:00:00.000Z' });
    for (const wrong of ['', '-1', 'now', '2026-01-31', '2026-01-31T09:00:00', '2026-13-01T00:00:00Z', '1e3'])
      expect(() => momentOf(wrong)).toThrow(/must be a position, or an ISO 8601 instant/);
    for (const unreal of ['2026-02-30T10:00:00Z', '2026-02-29T10:00:00Z', '2026-04-31T10:00:00+02:00'])
      expect(() => momentOf(unreal)).toThrow(/must be a position, or an ISO 8601 instant/);
    expect(momentOf('2028-02-29T10:00:00Z')).toEqual({ instant: '2028-02-29T10:00:00.000Z' });
    // Compared as text, each would come before every recorded instant, so no change would be found.
    for (const beyond of ['9999-12-31T23:59:59-05:00', '0000-01-01T00:00:00+00:01'])
      expect(() => momentOf(beyond)).toThrow(/in UTC, which cannot be compared\. Give a year from 0000 to 9999/);
    expect(momentOf('9999-12-31T23:59:59.999Z')).toEqual({ instant: '9999-12-31T23:59:59.999Z' });
  });

  test('a duration has one unit, or is an ISO 8601 duration', () => {
    expect(['90s', '30m', '24h', '2d'].map(durationOf)).toEqual([90_000, 1_800_000, 86_400_000, 172_800_000]);
    expect(['PT36H', 'P1DT12H', 'P1W', 'PT1M30S'].map(durationOf)).toEqual([
      129_600_000, 129_600_000, 604_800_000, 90_000,
    ]);
    for (const wrong of ['', '24', 'h', 'P', 'PT', 'P1M', 'P1Y', '-1h', '1.5h'])
      expect(() => durationOf(wrong)).toThrow(/must be a duration/);
    expect(durationOf('3650000d')).toBe(3_650_000 * 86_400_000);
    for (const long of ['3650001d', `${'9'.repeat(400)}h`])
      expect(() => durationOf(long)).toThrow(/at most 3650000 days/);
  });

  test('a duration is shown in its two largest units', () =>
    expect([0, 999, 61_000, 3_600_000, 93_784_000].map(durationText)).toEqual([
      '0 s',
      '0 s',
      '1 m 1 s',
      '1 h',
      '1 d 2 h',
    ]));
});

describe('what was done under embargo', () => {
  const until = '2026-01-01T12:05:00.000Z';
  const embargoes = entriesOf(
    commitsOf(
      open,
      record(1),
      record(2, said('Two.'), { embargo: { until } }),
      decisions.correct(withContent(2, said('2.'), { wrong: 'A word.', reason: 'Misheard.' })),
      decisions.link({ development: id(2), to: id(1), as: 'answers' }),
      decisions.liftEmbargo({ development: id(2), until }),
      decisions.verify({ development: id(2), told: { note: 'Two saw it.' } }),
    ),
    [
      { first: 1, last: 3, at: '2026-01-01T12:04:00.000Z' },
      { first: 4, last: 6, at: '2026-01-01T12:07:00.000Z' },
      { first: 7, last: 7, at: '2026-01-01T12:08:00.000Z' },
    ],
  );

  test('the trail lists everything, and says that readers saw the development when it was lifted', () => {
    const trail = behind(embargoes, new Set([id(2)]));
    expect(
      trail.map(({ position, act, embargoed, visible }) => [position, act, embargoed, visible?.slice(14, 16)]),
    ).toEqual([
      [3, 'DevelopmentRecorded', true, '07'],
      [3, 'DevelopmentEmbargoed', true, undefined],
      [4, 'DevelopmentCorrected', true, undefined],
      [5, 'DevelopmentLinked', true, undefined],
      [6, 'EmbargoLifted', false, '07'],
      [7, 'DevelopmentVerified', false, '08'],
    ]);
    const lines = table(entryColumns, trail.map(entryLine)).map(stripVTControlCharacters);
    expect(lines.filter(line => line.includes('under embargo'))).toHaveLength(3);
    expect(lines.map(line => line.trim())).toEqual(expect.arrayContaining([`answers ${id(1)}`, `until ${until}`]));
  });

  test('gap lists what the desk knew and readers did not see until the lift', () => {
    const gap = (visible: number, recorded: number) => acts(hidden(embargoes, { visible, recorded, open: new Set() }));
    expect(gap(3, 3)).toEqual(['3 DevelopmentRecorded', '3 DevelopmentEmbargoed']);
    expect(gap(5, 6)).toEqual([
      '3 DevelopmentRecorded',
      '3 DevelopmentEmbargoed',
      '4 DevelopmentCorrected',
      '5 DevelopmentLinked',
      '6 EmbargoLifted',
    ]);
    expect(gap(6, 6)).toEqual([]);
  });
});

describe('acts that need two people', () => {
  const agreed = commitsOf(
    open,
    record(1),
    decisions.requireApprovals({ acts: ['retract'], as: 'legal' }),
    decisions.proposeRetraction({ development: id(1), told: { reason: 'Made up.' }, as: 'editor' }),
    decisions.approve({ proposal: 'c4', as: 'editor', by: { id: 'lea' }, told: { reason: 'Made up.' } }),
    decisions.proposeTakedown({ development: id(1), told: { reason: 'Libel.' }, as: 'editor', ground: 'legal' }),
  );
  const all = entriesOf(agreed, [{ first: 1, last: 6, at: '2026-01-01T12:04:00.000Z' }]);

  test('the trail lists who proposed, why, in which role, and which commit was approved', () => {
    expect(behind(all, new Set([id(1)]))).toMatchObject([
      { act: 'DevelopmentRecorded', commit: 'c2', role: null },
      { act: 'RetractionProposed', commit: 'c4', why: 'Made up.', role: 'editor', visible: null, embargoed: false },
      { act: 'ProposalApproved', proposal: 'c4', role: 'editor', visible: null },
      { act: 'DevelopmentRetracted', why: 'Made up.', visible: '2026-01-01T12:04:00.000Z' },
      { act: 'TakedownProposed', commit: 'c6', why: 'Libel.', ground: 'legal', role: 'editor', as: null },
    ]);
    expect(all[2]).toMatchObject({ act: 'ApprovalsRequired', acts: ['retract'], role: 'legal' });
  });

  test('gap lists a proposal while it waits for the second person', () => {
    const gap = (known: number) =>
      acts(hidden(all, { visible: known, recorded: known, open: openProposals(agreed.slice(0, known)) }));
    expect([3, 4, 5, 6].map(gap)).toEqual([[], ['4 RetractionProposed'], [], ['6 TakedownProposed']]);
  });

  test('the list includes taken-down developments, without their words', () => {
    const forgotten = agreed.map(commit => ({
      ...commit,
      events: commit.events.map(event =>
        'told' in event.data ? { ...event, data: { ...event.data, told: null } } : event,
      ),
    })) as OpenCommit[];
    const shredded = {
      type: 'ContentShredded',
      data: { development: id(1), ground: 'legal', proposal: 'c6' },
    } as const;
    const approved = { ...forgotten.at(-1)!, position: 7, events: [shredded] };
    const entries = entriesOf([...forgotten, approved], []);
    expect(entries.filter(({ takenDown }) => takenDown).map(({ act }) => act)).toEqual([
      'StoryOpenedSealed',
      'DevelopmentRecorded',
      'RetractionProposed',
      'DevelopmentRetracted',
      'TakedownProposed',
    ]);
    const lines = table(entryColumns, entries.map(entryLine)).map(stripVTControlCharacters);
    expect(lines.filter(line => line.endsWith('(taken down)'))).toHaveLength(5);
    expect(lines.join('\n')).not.toMatch(/No\. 1|Libel|Made up/);
    expect(entries.at(-1)).toMatchObject({ act: 'ContentShredded', ground: 'legal', proposal: 'c6', takenDown: false });
  });

  test('proposals are printed with their commit, and are marked as not for readers', () => {
    const lines = table(entryColumns, all.map(entryLine)).map(line => stripVTControlCharacters(line).trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        'proposal c4',
        'in the role legal',
        'ground legal',
        'needs a second approval: takedown, retract',
      ]),
    );
    expect(lines.filter(line => line.includes('not for readers'))).toHaveLength(4);
  });
});

describe('the bound of an answer', () => {
  const answer = (count: number) => bounded(Array.from({ length: count }, (_, i) => i));
  test('an answer lists at most entriesPerAnswer entries, and counts the rest', () => {
    expect(answer(entriesPerAnswer)).toMatchObject({ shown: { length: entriesPerAnswer }, more: 0 });
    expect(answer(entriesPerAnswer + 1)).toMatchObject({ shown: { length: entriesPerAnswer }, more: 1 });
    expect([moreLines(0), moreLines(1)]).toEqual([[], [expect.stringMatching(/and 1 more, which are not shown/)]]);
  });
});

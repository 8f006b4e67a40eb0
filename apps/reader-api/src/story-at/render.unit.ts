import { applyChange, type Timeline } from '#client';
import { Cell, Change, ReadableEntry } from '#contract';
import type { TimelineChangeRow, TimelineRow, ReadableRow } from '#projections';
import { describe, expect, test } from '@jest/globals';
import { presentCell, presentChange, presentEntry, presentFormer, type RenderContext } from './render.js';

const said = {
  kind: 'statement',
  headline: 'Ada says "1 < 2"',
  body: '**Ada** <script>alert(1)</script>',
  data: { speaker: 'ada', quote: 'One.' },
  occurred: { from: '2026-03-01T09:00:00+01:00', precision: 'minute' },
  sourcing: { basis: 'official', standing: 'reported', group: 'the hosts' },
  modality: { mode: 'asserted' },
  byline: null,
  media: null,
  captures: null,
} as const;
const act = { position: 7, recorded: '2026-03-01T08:10:00.000Z', by: { id: 'auth0|1234', name: 'Eva Editor' } };

const row = (more: Partial<ReadableRow> = {}): ReadableRow => ({
  ...said,
  ...act,
  story: 'talks',
  development: 'd1',
  ordinal: 0,
  changed: 9,
  begun: null,
  actors: ['ada', 'unknown'],
  conditions: [],
  status: 'active',
  superseded_by: null,
  supersedes: [],
  standing: 'confirmed',
  checks: [],
  corrections: [],
  edits: [],
  retraction: null,
  key: false,
  pinned: false,
  links: [],
  lifted: null,
  takedown: null,
  ...more,
});
const context = (more: Partial<RenderContext> = {}): RenderContext => ({
  names: new Map([['ada', 'Ada Berg']]),
  linked: new Map([['d0', row({ development: 'd0', headline: 'What came "before"', standing: 'disputed' })]]),
  language: 'en',
  continues: null,
  conditions: {},
  retracted: new Set(),
  takedowns: new Map(),
  ...more,
});
const given = (more: Partial<ReadableRow>, known: Partial<RenderContext> = {}) => ({
  then: (expected: Partial<ReadableEntry>) =>
    expect(ReadableEntry.strict().parse(presentEntry(row(more), context(known)))).toMatchObject(expected),
});
const lapsed = {
  text: 'the talks fail',
  fate: 'lapsed',
  reason: 'They went on.',
  development: null,
  position: 9,
} as const;

describe('the rendering of an entry', () => {
  test('an entry names the developments that it links to, if they can be read', () => {
    const links = [
      { to: 'd0', as: 'answers' },
      { to: 'gone', as: 'follows' },
    ] as const;
    const shown = {
      development: 'd0',
      headline: 'What came "before"',
      headlineHtml: 'What came &quot;before&quot;',
      title: 'Disputed: What came "before"',
    };
    given({ links }).then({ links: [{ as: 'answers', ...shown }] });
    given({ links, status: 'retracted' }).then({ links: [] });
  });

  test('an entry says when its embargo was lifted, and by whom if a person did it', () => {
    given({ lifted: { ...act, by: {} } }).then({
      lifted: { position: 7, recorded: act.recorded, by: null },
    });
    given({}).then({ lifted: null });
  });

  test('the headline is given as text and as HTML, and the body as HTML without the author’s tags', () =>
    given({}).then({
      id: 'd1',
      headline: 'Ada says "1 < 2"',
      headlineHtml: 'Ada says &quot;1 &lt; 2&quot;',
      bodyHtml: '<p><strong>Ada</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>',
    }));

  test('an entry without a body has no bodyHtml', () => given({ body: null }).then({ bodyHtml: null }));

  test('an entry has the names of its actors, and the ids of unknown actors', () =>
    given({}).then({
      actors: [
        { id: 'ada', name: 'Ada Berg' },
        { id: 'unknown', name: 'unknown' },
      ],
    }));

  test('an entry has only the name of its author', () => {
    given({}).then({ by: 'Eva Editor' });
    given({ by: {} }).then({ by: null });
    expect(
      JSON.stringify(presentEntry(row({ checks: [{ ...act, verdict: 'verified', note: 'Seen.' }] }), context())),
    ).not.toContain('auth0');
  });

  test('an entry has its standing after the last check', () =>
    given({ standing: 'disputed' }).then({ standing: 'disputed' }));

  test('a conditional entry has the outcome and the reason of each condition, and open conditions too', () =>
    given(
      {
        modality: {
          mode: 'conditional',
          conditions: [
            { id: 'fail', text: 'the talks fail' },
            { id: 'rain', text: 'it rains' },
          ],
        },
      },
      { conditions: { fail: lapsed } },
    ).then({
      modality: {
        mode: 'conditional',
        conditions: [
          { id: 'fail', ...lapsed },
          { id: 'rain', text: 'it rains', fate: null, reason: null, development: null, position: null },
        ],
      },
    }));

  test('an entry’s last change is the settlement of its condition, if that was later', () => {
    const hanging = { changed: 5, conditions: ['fail'] };
    given(hanging, { conditions: { fail: lapsed } }).then({ changed: 9 });
    given(hanging, { conditions: { fail: { ...lapsed, position: 4 } } }).then({ changed: 5 });
    given(hanging, { conditions: { fail: { ...lapsed, fate: null, position: null } } }).then({ changed: 5 });
    given({ changed: 5 }, { conditions: { fail: lapsed } }).then({ changed: 5 });
  });

  const corrected = [
    { ...act, wrong: 'The number.', reason: 'A slip.', was: { ...said, headline: 'Ada says "2 < 1"' } },
  ];
  const told = { wrong: 'The number.', reason: 'A slip.', recorded: act.recorded, position: 7, by: 'Eva Editor' };

  test('a correction says what was wrong and why, without the earlier content', () =>
    given({ corrections: corrected }).then({ corrections: [told] }));

  test('the history of an entry has the earlier content', () =>
    expect(presentFormer(row({ corrections: corrected }), corrected, context())).toEqual([
      {
        ...told,
        was: expect.objectContaining({ headlineHtml: 'Ada says &quot;2 &lt; 1&quot;', data: said.data }),
      },
    ]));

  test('the history of a retracted entry has only headlines', () =>
    expect(presentFormer(row({ status: 'retracted', corrections: corrected }), corrected, context())).toMatchObject([
      { was: { bodyHtml: null, data: null } },
    ]));

  const withdrawn = {
    bodyHtml: null,
    data: null,
    corrections: [told],
  };
  test('a retracted entry has its headline and the reason, and no other words', () =>
    given({ status: 'retracted', corrections: corrected, retraction: { ...act, reason: 'It was false.' } }).then({
      ...withdrawn,
      headline: said.headline,
      retraction: { position: 7, recorded: act.recorded, by: 'Eva Editor', reason: 'It was false.' },
    }));

  test('a past state of an entry that was retracted later has only its headline', () =>
    given({ corrections: corrected }, { retracted: new Set(['d1']) }).then({
      ...withdrawn,
      status: 'active',
      headline: said.headline,
    }));
});

describe('the rendering of a change', () => {
  const change = (acts: TimelineChangeRow['acts'], entries: ReadableRow[] = []) =>
    Change.strict().parse(
      presentChange(
        { ...act, story: 'talks', acts, entries },
        context({ conditions: { fail: lapsed, rain: { ...lapsed, fate: null } } }),
      ),
    );

  test('a change has its acts and the entries that it changed', () =>
    expect(change([{ act: 'DevelopmentRecorded', development: 'd1' }], [row()])).toMatchObject({
      position: 7,
      story: 'talks',
      by: 'Eva Editor',
      acts: [{ act: 'DevelopmentRecorded', development: 'd1' }],
      entries: [{ id: 'd1' }],
    }));

  test('a change has a condition only if it settled one, and a status only if it changed it', () => {
    const settled = change([{ act: 'ConditionSettled', condition: 'fail', fate: 'lapsed' }]);
    expect(settled.conditions).toEqual({ fail: lapsed });
    expect(settled).not.toHaveProperty('status');
    const closed = change([{ act: 'StoryReopened' }, { act: 'StoryClosed' }]);
    expect(closed.status).toBe('closed');
    expect(closed).not.toHaveProperty('conditions');
  });
});

describe('a client’s copy of the timeline after a change is what the server gives then', () => {
  const linking = row({ development: 'd1', ordinal: 1, links: [{ to: 'd0', as: 'answers' }] });
  const target = row({ development: 'd0', position: 5, changed: 5, headline: 'What came "before"' });
  const given = (row: TimelineRow, position: number): Timeline => {
    const linked = new Map(row.status === 'active' || row.status === 'superseded' ? [['d0', row]] : []);
    const entries = [linking, row].map(row => presentEntry(row, context({ linked })));
    return { story: 'talks', position, entries, next: null };
  };
  const change = (row: TimelineRow) =>
    presentChange({ ...act, position: 10, story: 'talks', acts: [], entries: [row] }, context());

  test.each<[string, Partial<ReadableRow> | Pick<TimelineRow, 'status'>]>([
    [
      'corrected',
      { headline: 'What came <after>', corrections: [{ ...act, wrong: 'The time.', reason: 'A slip.', was: said }] },
    ],
    ['edited', { headline: 'what came "before"' }],
    ['disputed', { standing: 'disputed' }],
    ['superseded', { status: 'superseded', superseded_by: 'd1' }],
    ['made conditional', { modality: { mode: 'conditional', conditions: [{ id: 'fail', text: 'the talks fail' }] } }],
    ['retracted', { status: 'retracted', retraction: { ...act, reason: 'It was false.' } }],
    ['taken down', { status: 'taken-down' }],
  ])('an entry links to one that was %s', (_, more) => {
    const now = { ...target, ...more, changed: 10 } as TimelineRow;
    expect(applyChange(given(target, 9), change(now))).toEqual(given(now, 10));
  });
});

describe('the rendering of a cell', () => {
  test('a cell cites developments with their conditions, and has no current value if all are superseded', () => {
    const cited = {
      ...said,
      ...act,
      development: 'd1',
      standing: 'reported',
      status: 'superseded' as const,
      value: { on: 'x' },
    };
    const modality = { mode: 'conditional' as const, conditions: [{ id: 'fail', text: 'the talks fail' }] };
    const citation = { ...cited, modality, conditions: [{ id: 'fail', ...lapsed }] };
    const cell = presentCell(
      { facet: 'statement', key: 'd1', current: null, citations: [citation], total: 1 },
      { conditions: { fail: lapsed }, language: null },
    );
    expect(Cell.strict().parse({ ...cell, next: null })).toMatchObject({
      current: null,
      citations: [
        {
          development: 'd1',
          headlineHtml: 'Ada says &quot;1 &lt; 2&quot;',
          conditions: [{ id: 'fail', fate: 'lapsed', reason: 'They went on.' }],
        },
      ],
    });
  });
});

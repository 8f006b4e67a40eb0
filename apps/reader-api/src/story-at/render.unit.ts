import { Cell, Change, ReadableEntry } from '#contract';
import type { TimelineChangeRow, ReadableRow } from '#projections';
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
} as const;
const act = { position: 7, recorded: '2026-03-01T08:10:00.000Z', by: { id: 'auth0|1234', name: 'Eva Editor' } };

const row = (more: Partial<ReadableRow> = {}): ReadableRow => ({
  ...said,
  ...act,
  story: 'talks',
  development: 'd1',
  ordinal: 0,
  changed: 9,
  actors: ['ada', 'unknown'],
  conditions: [],
  status: 'active',
  superseded_by: null,
  supersedes: [],
  standing: 'confirmed',
  checks: [],
  corrections: [],
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

describe('an entry', () => {
  test('names the developments that it is linked to, where they can be read', () => {
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

  test('says when its embargo was lifted, and by whom if somebody did', () => {
    given({ lifted: { ...act, by: {} } }).then({
      lifted: { position: 7, recorded: act.recorded, by: null },
    });
    given({}).then({ lifted: null });
  });

  test('gives its headline as written and as HTML, and its body as HTML without typed tags', () =>
    given({}).then({
      id: 'd1',
      headline: 'Ada says "1 < 2"',
      headlineHtml: 'Ada says &quot;1 &lt; 2&quot;',
      bodyHtml: '<p><strong>Ada</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>',
    }));

  test('without a body has none', () => given({ body: null }).then({ bodyHtml: null }));

  test('names actors as the registry does, and by their ids where it knows none', () =>
    given({}).then({
      actors: [
        { id: 'ada', name: 'Ada Berg' },
        { id: 'unknown', name: 'unknown' },
      ],
    }));

  test('gives only the name of its author', () => {
    given({}).then({ by: 'Eva Editor' });
    given({ by: {} }).then({ by: null });
    expect(
      JSON.stringify(presentEntry(row({ checks: [{ ...act, verdict: 'verified', note: 'Seen.' }] }), context())),
    ).not.toContain('auth0');
  });

  test('gives its standing after a check', () => given({ standing: 'disputed' }).then({ standing: 'disputed' }));

  test('gives the outcome and reason of its conditions, open ones included', () =>
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

  test('changed last where a condition that it hangs on was settled, if that was later', () => {
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

  test('says of a correction what was wrong and why, and not again all that it had said', () =>
    given({ corrections: corrected }).then({ corrections: [told] }));

  test('has a history, which says what it was before', () =>
    expect(presentFormer(row({ corrections: corrected }), corrected, context())).toEqual([
      {
        ...told,
        was: expect.objectContaining({ headlineHtml: 'Ada says &quot;2 &lt; 1&quot;', data: said.data }),
      },
    ]));

  test('that was retracted has in its history no more than headlines', () =>
    expect(presentFormer(row({ status: 'retracted', corrections: corrected }), corrected, context())).toMatchObject([
      { was: { bodyHtml: null, data: null } },
    ]));

  const withdrawn = {
    bodyHtml: null,
    data: null,
    corrections: [told],
  };
  test('that was retracted is a tombstone: its headline and why, nothing else that it said or had said', () =>
    given({ status: 'retracted', corrections: corrected, retraction: { ...act, reason: 'It was false.' } }).then({
      ...withdrawn,
      headline: said.headline,
      retraction: { position: 7, recorded: act.recorded, by: 'Eva Editor', reason: 'It was false.' },
    }));

  test('as it stood before it was retracted holds no more than its headline either', () =>
    given({ corrections: corrected }, { retracted: new Set(['d1']) }).then({
      ...withdrawn,
      status: 'active',
      headline: said.headline,
    }));
});

describe('a change', () => {
  const change = (acts: TimelineChangeRow['acts'], entries: ReadableRow[] = []) =>
    Change.strict().parse(
      presentChange(
        { ...act, story: 'talks', acts, entries },
        context({ conditions: { fail: lapsed, rain: { ...lapsed, fate: null } } }),
      ),
    );

  test('gives its acts and the entries that it changed', () =>
    expect(change([{ act: 'DevelopmentRecorded', development: 'd1' }], [row()])).toMatchObject({
      position: 7,
      story: 'talks',
      by: 'Eva Editor',
      acts: [{ act: 'DevelopmentRecorded', development: 'd1' }],
      entries: [{ id: 'd1' }],
    }));

  test('gives a condition only if it settled it, and the status only if it changed it', () => {
    const settled = change([{ act: 'ConditionSettled', condition: 'fail', fate: 'lapsed' }]);
    expect(settled.conditions).toEqual({ fail: lapsed });
    expect(settled).not.toHaveProperty('status');
    const closed = change([{ act: 'StoryReopened' }, { act: 'StoryClosed' }]);
    expect(closed.status).toBe('closed');
    expect(closed).not.toHaveProperty('conditions');
  });
});

describe('a cell', () => {
  test('cites developments with what they hang on, and has nothing current when all was superseded', () => {
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

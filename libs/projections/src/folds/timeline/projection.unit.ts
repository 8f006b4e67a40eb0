import type { OpenEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import {
  act,
  at,
  classified,
  commitsOf,
  corrected,
  edited,
  givenFor,
  ofActor,
  onCondition,
  opened,
  plain,
  recorded,
  retracted,
  rowsAfter,
  said,
  takenDown,
  withForgottenPayload,
} from '../given.fixture.js';
import { timeline } from './projection.js';
import type { TimelineChangeRow } from './rows.js';

const given = givenFor(timeline);
const on = (type: OpenEvent['type'], data: object) => ({ type, data }) as OpenEvent;
const supersededBy = (development: string, other: string) => on('DevelopmentSuperseded', { development, by: other });
const reinstated = (development: string, other: string) =>
  on('DevelopmentReinstated', { development, retracted: other });
const entries = (...rows: object[]) => ({ timeline: rows as Record<string, unknown>[] });

describe('the timeline', () => {
  test('a minor edit changes the text, keeps what it was, and is no correction', () => {
    const update = plain('The goverment has resigned.');
    const once = { body: 'The government has resigned.' };
    const told = { headline: 'The government has resigned', body: 'The government has resigned' };
    const was = { headline: update.headline, body: update.body };
    given(recorded('a', update), edited('a', update, once), edited('a', { ...update, ...once }, told)).then({
      timeline: [
        {
          ...told,
          kind: 'update',
          changed: 3,
          corrections: [],
          edits: [
            { ...act(2), was },
            { ...act(3), was: { ...was, ...once } },
          ],
        },
      ],
    });
    given(withForgottenPayload(recorded('a', update)), withForgottenPayload(edited('a', update, told))).then({
      timeline: [{ status: 'taken-down', headline: null, edits: [], changed: 2 }],
    });
  });

  test('a classification changes kind, data and actors, and no word', () => {
    const update = plain('She is here.');
    const told = { kind: 'arrival', data: { actors: ['mayor'], place: 'Harbour' } };
    given(recorded('a', update), classified('a', update, told)).then({
      timeline: [
        {
          ...told,
          actors: ['mayor'],
          headline: update.headline,
          body: update.body,
          corrections: [],
          edits: [],
          changed: 2,
        },
      ],
    });
  });

  test('a recorded development gets an entry with its content and default values', () => {
    const content = said('Stay in.', {
      body: 'By *order*.',
      sourcing: { basis: 'on-record', standing: 'reported', actor: 'harbour' },
      ...onCondition('calm', 'it calms'),
    });
    const { headline, kind, data, occurred, sourcing, modality } = content;
    given(opened(), recorded('a', content)).then({
      timeline: [
        {
          story: 'storm',
          development: 'a',
          ...act(2),
          ordinal: 0,
          changed: 2,
          kind,
          headline,
          body: 'By *order*.',
          data,
          occurred,
          sourcing,
          modality,
          byline: null,
          media: null,
          captures: null,
          actors: ['mayor', 'harbour'],
          conditions: ['calm'],
          status: 'active',
          superseded_by: null,
          supersedes: [],
          standing: 'reported',
          checks: [],
          corrections: [],
          edits: [],
          retraction: null,
          key: false,
          pinned: false,
          links: [],
          lifted: null,
          takedown: null,
        },
      ],
    });
  });

  test('an old record without a headline gets the headline of its kind', () => {
    const { headline: _, ...bare } = said('Stay in.');
    given(recorded('a', bare)).then(entries({ headline: 'mayor: “Stay in.”', body: null, conditions: [] }));
  });

  test('entries have the positions of their commits and the places of their events', () => {
    given(recorded('z'), [recorded('c'), recorded('b')]).then(
      entries(
        { development: 'b', position: 2, ordinal: 1 },
        { development: 'c', position: 2, ordinal: 0 },
        { development: 'z', position: 1, ordinal: 0 },
      ),
    );
  });

  test('a corrected entry keeps its former contents and the place of its recording', () => {
    const first = said('Stay in.', { body: 'By order.' });
    const then = said('Stay out.', { sourcing: { basis: 'desk', standing: 'hinted', actor: 'harbour' } });
    const { kind, headline, data, occurred, sourcing, modality } = first;
    const was = {
      kind,
      headline,
      body: 'By order.',
      data,
      occurred,
      sourcing,
      modality,
      byline: null,
      media: null,
      captures: null,
    };
    const note = { wrong: 'A word.', reason: 'Misheard.' };
    const last = said('Stay put.', onCondition('calm', 'it calms'));
    given(recorded('a', first), corrected('a', then)).then(
      entries({
        ...act(1),
        changed: 2,
        headline: then.headline,
        body: null,
        data: then.data,
        standing: 'hinted',
        actors: ['mayor', 'harbour'],
        corrections: [{ ...act(2), ...note, was }],
        status: 'active',
      }),
    );
    const byline = [{ name: 'Ada' }];
    given(recorded('a', { ...first, byline }), corrected('a', { ...first, byline: [] })).then(
      entries({ byline: [], corrections: [{ ...act(2), ...note, was: { ...was, byline } }] }),
    );
    given(recorded('a', first), corrected('a', then), corrected('a', last)).then(
      entries({
        changed: 3,
        actors: ['mayor'],
        conditions: ['calm'],
        corrections: [
          { ...act(2), ...note, was },
          {
            ...act(3),
            ...note,
            was: { ...was, headline: then.headline, body: null, data: then.data, sourcing: then.sourcing },
          },
        ],
      }),
    );
  });

  test('a retracted entry has the reason, and is neither a key event nor pinned', () => {
    const prominent = [on('DevelopmentMarkedKey', { development: 'a' }), on('DevelopmentPinned', { development: 'a' })];
    given(recorded('a'), prominent, retracted('a')).then(
      entries({
        status: 'retracted',
        retraction: { ...act(3), reason: 'Made up.' },
        key: false,
        pinned: false,
        headline: 'Mayor: a',
        changed: 3,
      }),
    );
  });

  test('a superseded entry and its successor name each other, recorded together or separately', () => {
    const sides = [
      { development: 'a', status: 'superseded', superseded_by: 'b', supersedes: [], changed: 2 },
      { development: 'b', status: 'active', superseded_by: null, supersedes: ['a'], changed: 2 },
    ];
    given(recorded('a'), [recorded('b'), supersededBy('a', 'b')]).then(entries(...sides));
    given([recorded('a'), recorded('b')], supersededBy('a', 'b')).then(entries(...sides));
  });

  test("entries whose successor is retracted are reinstated, or superseded by that one's own successor", () => {
    const all = [recorded('a'), recorded('b'), recorded('c')];
    given(all, supersededBy('a', 'b'), [retracted('b'), reinstated('a', 'b')]).then(
      entries(
        { development: 'a', status: 'active', superseded_by: null, changed: 3 },
        { development: 'b', status: 'retracted', supersedes: [], changed: 3 },
        { development: 'c', status: 'active', supersedes: [], changed: 1 },
      ),
    );
    given(all, supersededBy('a', 'b'), supersededBy('b', 'c'), [retracted('b'), supersededBy('a', 'c')]).then(
      entries(
        { status: 'superseded', superseded_by: 'c' },
        { status: 'retracted', superseded_by: 'c', supersedes: [] },
        { status: 'active', supersedes: ['b', 'a'] },
      ),
    );
  });

  test("an entry keeps all checks; its standing comes from the last check or a correction of the sourcing's standing", () => {
    const verified = on('DevelopmentVerified', { development: 'a', told: { note: 'Seen.' } });
    const disputed = on('DevelopmentDisputed', { development: 'a', told: { reason: 'Seen otherwise.' } });
    const checks = [
      { ...act(2), verdict: 'verified', note: 'Seen.' },
      { ...act(3), verdict: 'disputed', note: 'Seen otherwise.' },
    ];
    const { sourcing } = said('a');
    given(recorded('a'), verified).then(entries({ standing: 'confirmed', sourcing, checks: checks.slice(0, 1) }));
    given(recorded('a'), verified, disputed).then(entries({ standing: 'disputed', sourcing, checks }));
    given(recorded('a'), verified, disputed, corrected('a', said('b'))).then(entries({ standing: 'disputed', checks }));
    const hinted = { ...said('b'), sourcing: { ...sourcing, standing: 'hinted' as const } };
    given(recorded('a'), verified, disputed, corrected('a', hinted)).then(entries({ standing: 'hinted', checks }));
  });

  test.each([
    ['key', 'DevelopmentMarkedKey', 'DevelopmentUnmarkedKey'],
    ['pinned', 'DevelopmentPinned', 'DevelopmentUnpinned'],
  ] as const)('an entry is %s from its mark until the mark is removed', (column, begins, ends) => {
    const both = [recorded('a'), recorded('b')];
    const begun = on(begins, { development: 'a' });
    given(both, begun).then(entries({ [column]: true, changed: 2 }, { [column]: false, changed: 1 }));
    given(both, begun, on(ends, { development: 'a' })).then(
      entries({ [column]: false, changed: 3 }, { [column]: false }),
    );
  });

  test('opening, closing, reopening and settling a condition change no entry', () => {
    const data = { condition: 'calm', fate: 'met', reason: 'Flat.', development: 'a' };
    const others = [on('StoryClosed', {}), on('StoryReopened', {}), on('ConditionSettled', data)];
    given(opened(), recorded('a'), ...others).then(entries({ changed: 2 }));
  });

  test('events of the registry and of unknown developments are ignored', () => {
    given(ofActor('mayor', recorded('a')), retracted('b'), supersededBy('c', 'd')).then({ timeline: [] });
  });
});

describe('a development that was taken down', () => {
  const gone = [
    opened(),
    recorded('a'),
    withForgottenPayload(recorded('b')),
    withForgottenPayload(corrected('b', said('No.'))),
  ];
  const row = { development: 'b', status: 'taken-down', headline: null, data: null, actors: [], corrections: [] };

  test('its row has the ground and time of the takedown, and no text', () => {
    const takedown = { ground: 'legal', position: 5, recorded: at(5) };
    given(...gone).then(entries({ development: 'a' }, { ...row, changed: 4, takedown: null }));
    given(...gone, takenDown('b')).then(entries({ development: 'a' }, { ...row, changed: 5, takedown }));
  });

  test('the entries that it superseded get its successor, or are reinstated', () => {
    const steps = [
      opened(),
      recorded('a'),
      [withForgottenPayload(recorded('b')), supersededBy('a', 'b')],
      recorded('c'),
    ];
    given(...steps, supersededBy('b', 'c'), [takenDown('b'), supersededBy('a', 'c')]).then(
      entries(
        { development: 'a', status: 'superseded', superseded_by: 'c' },
        { ...row, superseded_by: null, supersedes: [] },
        { development: 'c', status: 'active', supersedes: ['b', 'a'] },
      ),
    );
    given(...steps, [takenDown('b'), reinstated('a', 'b')]).then(
      entries({ development: 'a', status: 'active', superseded_by: null }, row, { development: 'c' }),
    );
  });

  test('the change for open pages names it only by its id', () =>
    given(...gone, takenDown('b')).then({
      timeline_change: [{}, {}, {}, {}, { acts: [{ act: 'ContentShredded', development: 'b' }] }],
    }));
});

describe('the changes of a timeline', () => {
  const changes = (...rows: object[]) => ({ timeline_change: rows as Record<string, unknown>[] });

  test('every commit of a story gets a row with its acts and the changed entries', () => {
    const { headline } = said('b');
    given(opened(), recorded('a'), [recorded('b'), supersededBy('a', 'b')], ofActor('mayor'), retracted('a')).then(
      changes(
        { story: 'storm', ...act(1), acts: [{ act: 'StoryOpened' }], entries: [] },
        { ...act(2), acts: [{ act: 'DevelopmentRecorded', development: 'a' }] },
        {
          ...act(3),
          acts: [
            { act: 'DevelopmentRecorded', development: 'b' },
            { act: 'DevelopmentSuperseded', development: 'a', by: 'b' },
          ],
        },
        { ...act(5), acts: [{ act: 'DevelopmentRetracted', development: 'a' }] },
      ),
    );
    const row = {
      story: 'storm',
      development: 'b',
      ...act(1),
      ordinal: 0,
      changed: 2,
      ...said('b'),
      headline,
      body: null,
      begun: Date.UTC(2026, 0, 1, 8),
      byline: null,
      media: null,
      captures: null,
      actors: ['mayor'],
      conditions: [],
      status: 'active',
      superseded_by: null,
      supersedes: [],
      standing: 'reported',
      checks: [],
      corrections: [],
      edits: [],
      retraction: null,
      key: true,
      pinned: false,
      links: [],
      lifted: null,
      takedown: null,
    };
    given(recorded('b'), on('DevelopmentMarkedKey', { development: 'b' })).then(
      changes({ entries: [{ ...row, changed: 1, key: false }] }, { entries: [row] }),
    );
  });

  test('the entries of a change are in story order, in any order of events', () => {
    const swap = [on('DevelopmentUnpinned', { development: 'c' }), on('DevelopmentPinned', { development: 'a' })];
    const told = [
      [recorded('b')],
      [recorded('c'), recorded('a')],
      [...swap, on('DevelopmentMarkedKey', { development: 'b' })],
    ];
    const commits = commitsOf(told.map(events => ({ stream: 'story:storm', events })));
    const { entries } = rowsAfter([timeline], commits).timeline_change![2] as TimelineChangeRow;
    expect(entries.map(entry => entry.development)).toEqual(['b', 'c', 'a']);
  });

  test('the act of settling a condition names its outcome', () => {
    const data = { condition: 'calm', fate: 'met', reason: 'Flat.', development: 'a' };
    given(on('ConditionSettled', data)).then(
      changes({ acts: [{ act: 'ConditionSettled', development: 'a', condition: 'calm', fate: 'met' }], entries: [] }),
    );
  });
});

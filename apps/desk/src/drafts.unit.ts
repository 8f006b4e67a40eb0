import { describe, expect, test } from '@jest/globals';
import { concerning, summaryOf } from './concerns.js';
import type { Commit, DeskDevelopment } from './contracts.js';
import { Drafts, enteredSince, heldSince, isWorth, laterValue, requestOf, type Draft } from './drafts.js';
import { replyOf } from './reply.js';

const draft: Draft = {
  ...{ id: 'k1', story: 's', act: 'record', on: 'story', head: 'h', changed: '2026-01-01T00:00:00.000Z' },
  value: { content: { kind: 'statement', data: { speaker: 'ada', quote: ' ' }, modality: { mode: 'asserted' } } },
};

/** A browser's storage, or one that stores nothing. */
function storage(keeps = true) {
  const held = new Map<string, string>();
  return {
    get length() {
      return held.size;
    },
    key: (index: number) => [...held.keys()][index] ?? null,
    getItem: (name: string) => held.get(name) ?? null,
    removeItem: (name: string) => void held.delete(name),
    setItem: (name: string, text: string) => {
      if (!keeps) throw new DOMException('full', 'QuotaExceededError');
      held.set(name, text);
    },
  };
}

describe('keeping drafts', () => {
  test('drafts are kept by story, listed with the last changed first, and can be deleted', () => {
    const kept = storage();
    const drafts = new Drafts(kept, 'ada');
    const later = { ...draft, id: 'k2', changed: '2026-01-02T00:00:00.000Z' };
    for (const one of [draft, later, { ...draft, story: 's2' }]) expect(drafts.keep(one)).toBe(true);
    kept.setItem('dateline.draft:s:x', 'not JSON');
    const owner = { owner: 'ada' };
    expect(drafts.of('s')).toEqual([
      { ...later, ...owner },
      { ...draft, ...owner },
    ]);
    drafts.drop(later);
    expect(drafts.of('s')).toEqual([{ ...draft, ...owner }]);
  });

  test('drafts are shown only to their writer, and drafts without a writer to everybody', () => {
    const kept = storage();
    new Drafts(kept, 'ada').keep(draft);
    kept.setItem('dateline.draft:s:old', JSON.stringify({ ...draft, id: 'old' }));
    expect(new Drafts(kept, 'ben').all().map(({ id }) => id)).toEqual(['old']);
    expect(new Drafts(kept, 'ada').all()).toHaveLength(2);
  });

  test('once a person has signed out, their drafts are gone and none is stored again', () => {
    const kept = storage();
    const [ada, ben] = [new Drafts(kept, 'ada'), new Drafts(kept, 'ben')];
    ada.keep(draft);
    ben.keep({ ...draft, id: 'of-ben' });
    ada.end();
    expect(ada.keep(draft)).toBe(true);
    expect([ada.all(), ben.all().map(({ id }) => id)]).toEqual([[], ['of-ben']]);
  });

  test('a draft that goes on under another id still waits for what is being added to it', async () => {
    const drafts = new Drafts(storage(), 'ada');
    let added = () => {};
    const adding = drafts.adding('k1', () => new Promise<void>(resolve => (added = resolve)));
    drafts.rename('k1', 'k2');
    expect([drafts.idNow('k1'), drafts.awaits('k1'), drafts.awaits('k2')]).toEqual(['k2', false, true]);
    added();
    await adding;
    expect(drafts.awaits('k2')).toBe(false);
  });

  test('what began to be added to a draft after it was sent belongs to the next one, and what began before to none', async () => {
    const drafts = new Drafts(storage(), 'ada');
    let [added, first, second, third] = [() => {}, () => '', () => '', () => ''];
    const until = new Promise<void>(resolve => (added = resolve));
    const early = drafts.adding('k1', into => ((first = into), until));
    drafts.sends('k1');
    const late = drafts.adding('k1', into => ((second = into), until));
    // Captions of a recording that is in the sent draft.
    const part = drafts.adding('k1', into => ((third = into), until), true);
    expect(drafts.moves('k1', 'k2')).toBe(true);
    expect([first(), second(), third(), drafts.awaits('k1'), drafts.awaits('k2')]).toEqual([
      ...['k1', 'k2', 'k1'],
      ...[true, true],
    ]);
    drafts.sends('k2');
    expect([drafts.moves('k2', 'k3'), second()]).toEqual([false, 'k2']);
    added();
    await Promise.all([early, late, part]);
    expect([drafts.awaits('k1'), drafts.awaits('k2')]).toEqual([false, false]);
  });

  test('keep returns false if the browser’s storage is full', () =>
    expect(new Drafts(storage(false), 'ada').keep(draft)).toBe(false));

  test('a draft is worth keeping once a field has content', () => {
    expect(isWorth(draft)).toBe(true);
    expect(isWorth({ ...draft, value: { content: { kind: 'statement', sourcing: { standing: 'reported' } } } })).toBe(
      false,
    );
  });

  test('a draft is sent with its own key, the head its editor saw, and no empty fields but the required parts', () => {
    const value = { ...(draft.value as object), embargo: {} };
    const content = { kind: 'statement', data: { speaker: 'ada' }, modality: { mode: 'asserted' } };
    expect(requestOf({ ...draft, value })).toEqual({
      ...{ method: 'POST', path: '/stories/s/developments', key: 'k1', head: 'h' },
      body: { content, embargo: {} },
    });
    // A new development leaves out what has a default; a correction gives the whole content.
    expect(requestOf({ ...draft, on: 'development', act: 'correct', target: 't', value }).body).toEqual({
      content: { ...content, occurred: {}, sourcing: {} },
      embargo: {},
    });
    const bylineIn = (byline: unknown) =>
      requestOf({ ...draft, value: { content: { kind: 'update', byline } } as never }).body;
    expect(bylineIn([])).toHaveProperty('content.byline', []);
    expect(bylineIn([{ name: ' ' }])).not.toHaveProperty('content.byline');
    expect(bylineIn([{ name: 'Ada' }])).toHaveProperty('content.byline', [{ name: 'Ada' }]);
    const on = (on: Draft['on'], act: string, target = 't') => requestOf({ ...draft, on, act, target, value: {} }).path;
    expect(on('development', 'pin')).toBe('/stories/s/developments/t/pin');
    expect(on('condition', 'settle')).toBe('/stories/s/conditions/t/settle');
    expect(on('story', 'close')).toBe('/stories/s/close');
    const story = 'count/proposals/abc/approve?x=';
    for (const draftOn of ['story', 'development', 'condition', 'proposal'] as const)
      expect(requestOf({ ...draft, story, on: draftOn, target: '../x?', value: {} }).path).toMatch(
        /^[/]stories[/]count%2Fproposals%2Fabc%2Fapprove%3Fx%3D[/][^?#]+$/,
      );
  });
});

test('a correction of what was recorded first keeps its defaults, and nothing that the editor removed', () => {
  const recorded = {
    ...{ kind: 'update', headline: 'Removed', body: 'Rain.', occurred: { precision: 'unknown' } },
    ...{ sourcing: { basis: 'desk' }, modality: { mode: 'asserted' }, byline: [{ name: 'Ada' }] },
  };
  const { kind, headline: _headline, ...defaults } = recorded;
  const entered = { kind, headline: ' ', body: 'Rain and wind.', sourcing: { basis: 'official' } };
  const later = (content: object) => laterValue({ act: 'record', value: { content } as never }, recorded);
  const corrected = { ...defaults, kind, body: 'Rain and wind.', sourcing: { basis: 'official' } };
  expect(later(entered)).toEqual({ content: corrected });
  expect(later({ ...entered, byline: [] })).toEqual({ content: { ...corrected, byline: [] } });
  // A correction is whole, with its reasons.
  const value = { wrong: 'The rain.', content: entered };
  expect(laterValue({ act: 'correct', value }, recorded)).toBe(value);
});

test('what was entered under an embargo after a first version was published stays under it', () => {
  const published = { kind: 'update', body: 'Rain.', occurred: { precision: 'unknown' }, byline: [{ name: 'Ada' }] };
  const value = { content: { kind: 'update', body: 'Rain. The minister resigns.' }, embargo: { until: 'noon' } };
  const held = { content: { kind: 'update', body: 'The minister resigns.' }, embargo: { until: 'noon' } };
  expect(heldSince({ act: 'record', value }, published)).toEqual(held);
  expect(heldSince({ act: 'record', value: { content: value.content } }, published)).toBeUndefined();
  expect(heldSince({ act: 'correct', value }, published)).toBeUndefined();
});

describe('what is entered while a post is sent', () => {
  const sent = {
    content: { kind: 'update', body: 'Rain.', media: [{ picture: 'a' }], captures: [{ url: 'a' }] },
  };
  const body = (body: string, more = {}, beside = {}) => ({
    value: { content: { ...sent.content, body, ...more }, ...beside },
  });
  const media = [{ picture: 'a' }, { picture: 'b' }];
  test.each([
    ['nothing', body('Rain.'), undefined],
    ['a blank', body('Rain. '), undefined],
    ['the next update', body('Rain. Snow'), { content: { kind: 'update', body: 'Snow' } }],
    ['half of it', body('Rain. They '), { content: { kind: 'update', body: 'They ' } }],
    ['another text', body('Snow'), body('Snow').value],
    ['a headline', body('Rain.', { headline: 'Rain' }), { content: { kind: 'update', headline: 'Rain' } }],
    ['a picture', body('Rain.', { media }), { content: { kind: 'update', media: [{ picture: 'b' }] } }],
    [
      'a linked page',
      body('Rain.', { captures: [{ url: 'a' }, { url: 'b' }] }),
      { content: { kind: 'update', captures: [{ url: 'b' }] } },
    ],
    ['data', body('Rain.', { data: { mm: 4 }, kind: 'x' }), { content: { kind: 'x', data: { mm: 4 } } }],
    [
      'words under embargo',
      body('Rain. Snow', {}, { embargo: {} }),
      { content: { kind: 'update', body: 'Snow' }, embargo: {} },
    ],
    ['no draft', undefined, undefined],
  ])('what was sent is removed from the draft: %s', (_, now, more) => expect(enteredSince(sent, now)).toEqual(more));

  test('it is found in the kept draft when another one is open', () => {
    const drafts = new Drafts(storage(), 'ada');
    const post = { ...draft, value: { content: { kind: 'update', body: 'Rain.' } } };
    expect(drafts.enteredSince(post)).toBeUndefined();
    drafts.keep(post);
    expect(drafts.enteredSince(post)).toBeUndefined();
    drafts.keep({ ...post, value: { content: { kind: 'update', body: 'Rain. Snow' } } });
    expect(drafts.enteredSince(post)).toEqual({ content: { kind: 'update', body: 'Snow' } });
  });
});

describe('commits of colleagues that concern a draft', () => {
  const kinds = new Map([
    ['x', { id: 'x', kind: 'statement' } as DeskDevelopment],
    ['y', { id: 'y', kind: 'arrival' } as DeskDevelopment],
    ['z', { id: 'z', kind: 'update' } as DeskDevelopment],
  ]);
  const did = (type: string, development?: string): Commit => ({
    ...{ commit: 'c', position: 1, recorded: '', command: 'k', by: { id: 'ben', name: 'Ben' } },
    events: [development ? { type, development } : { type }],
  });
  const concerns = (of: Partial<Draft>, commit: Commit) => concerning({ ...draft, ...of }, [commit], kinds).length;

  test('a new development concerns a draft of the same kind', () => {
    expect(concerns({}, did('DevelopmentRecorded', 'x'))).toBe(1);
    expect(concerns({}, did('DevelopmentRecorded', 'y'))).toBe(0);
    expect(concerns({}, did('DevelopmentPinned', 'x'))).toBe(0);
    // Most posts are plain updates: to ask at each would stop everybody.
    const update = { value: { content: { kind: 'update', body: 'Rain.' } } };
    expect(concerns(update, did('DevelopmentRecorded', 'z'))).toBe(0);
  });

  test('any other commit concerns a draft about the same development, condition or story', () => {
    const correction = { act: 'correct', on: 'development', target: 'y' } as const;
    expect(concerns(correction, did('DevelopmentRetracted', 'y'))).toBe(1);
    expect(concerns(correction, did('DevelopmentRecorded', 'x'))).toBe(0);
    expect(concerns({ value: { ...(draft.value as object), supersedes: 'y' } }, did('DevelopmentRetracted', 'y'))).toBe(
      1,
    );
    expect(concerns({ act: 'close' }, did('StoryClosed'))).toBe(1);
    expect(concerns({ act: 'close' }, did('PostingDefaultsSet'))).toBe(0);
    expect(concerns({ act: 'settle', on: 'condition', target: 'c' }, did('ConditionSettled'))).toBe(1);
  });

  test.each([
    ['posting-defaults', 'PostingDefaultsSet'],
    ['review', 'ReviewSet'],
    ['approvals', 'ApprovalsRequired'],
    ['propose-approvals', 'ApprovalsLoosened'],
    ['amend', 'StoryAmended'],
    ['amend', 'TextShredded'],
  ])('an act that replaces a whole (%s) asks after a colleague replaced it (%s), not after a post', (act, type) => {
    expect(concerns({ act }, did(type))).toBe(1);
    expect(concerns({ act }, did('DevelopmentRecorded', 'x'))).toBe(0);
  });

  test('a commit is summarized by name and verb, and an unknown event by its type', () => {
    expect(summaryOf(did('DevelopmentCorrected', 'x'))).toBe('Ben corrected');
    expect(summaryOf(did('DevelopmentFramed', 'x'))).toBe('Ben development framed');
  });
});

describe('the desk’s reading of an answer to a command', () => {
  test.each([
    [
      201,
      { position: 3, commit: 'c', development: 'd' },
      { reply: 'posted', position: 3, head: 'c', development: 'd' },
    ],
    [200, { status: 'already-so', position: 3, head: 'h' }, { reply: 'already-so', position: 3, head: 'h' }],
    [202, { status: 'pending' }, { reply: 'pending' }],
    [401, { detail: 'Expired.' }, { reply: 'signed-out', detail: 'Expired.' }],
    [409, { code: 'head-moved', head: 'h', meanwhile: [] }, { reply: 'conflict', head: 'h', meanwhile: [] }],
    [
      409,
      { code: 'story-closed', detail: 'Closed.' },
      { reply: 'refused', code: 'story-closed', detail: 'Closed.', errors: [] },
    ],
    [422, { code: 'key-taken' }, { reply: 'key-taken' }],
    [503, { detail: 'The log does not answer.' }, { reply: 'unreached', detail: 'The log does not answer.' }],
    [502, undefined, { reply: 'unreached', detail: 'The newsroom answered with 502.' }],
  ])('%d %j', (status, body, reply) => expect(replyOf(status, body)).toEqual(reply));
});

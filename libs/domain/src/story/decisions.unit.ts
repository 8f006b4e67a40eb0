import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Content } from '../content.js';
import { isRefusal } from '../errors.js';
import { anyOrigin, specOf } from '../given.spec-helper.js';
import { storyEvents } from './acts/index.js';
import { onceOnly, submissionBy } from './acts/submissions.fixture.js';
import {
  closed,
  content,
  disputed,
  marked,
  opened,
  pinned,
  recorded,
  reinstated,
  reopened,
  retracted,
  settled,
  superseded,
  unmarked,
  unpinned,
  verified,
  withContent,
} from './events.fixture.js';
import type { Rules } from './rules.js';
import { noStory, type StoryState, type StoryDecision } from './state.js';
import { teamRoles } from './team.js';
import { decisions as decide, evolve, type StoryEvent, reconstructDecision } from './story.js';

const given = specOf(noStory, evolve);
const step = (state: StoryState, event: StoryEvent) => evolve(state, event, anyOrigin);
const [a, b, c, unknown] = ['a', 'b', 'c', 'f'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
  string,
];

const text = 'ffffffff-0000-4000-8000-000000000000';
const reasoned = { text: 'fffffff0-0000-4000-8000-000000000000', told: { reason: 'so' } };
const header = { text, zone: 'Europe/Berlin', told: { title: 'The count' } };

describe('opening a story', () => {
  const opens = { type: 'StoryOpenedSealed', data: header } as const;
  test('a new story is opened with one event, its words sealed', () =>
    given().when(decide.openStory(header)).then(opens));
  test('a story that exists with the same header, open or closed, gets no event', () => {
    given(opened)
      .when(decide.openStory({ ...header, isUnchanged: true }))
      .then();
    given(opens, closed)
      .when(decide.openStory({ ...header, isUnchanged: true }))
      .then();
  });
  test('a story that exists with another header is refused with story-exists', () =>
    given(opened)
      .when(decide.openStory(header))
      .refused('story-exists', { path: ['id'] }));
});

describe('closing and reopening', () => {
  test('an open story can be closed, and a closed one reopened', () => {
    given(opened).when(decide.closeStory({})).then(closed);
    given(opened, closed).when(decide.reopenStory({})).then(reopened);
  });
  test('closing a closed story and reopening an open one give no event', () => {
    given(opened, closed)
      .when(decide.closeStory({ reason: 'again' }))
      .then();
    given(opened).when(decide.reopenStory({})).then();
    given(opened, closed, reopened).when(decide.reopenStory({})).then();
  });
  test('closing and reopening are refused if the story does not exist', () => {
    given().when(decide.closeStory({})).refused('unknown-story');
    given().when(decide.reopenStory({})).refused('unknown-story');
  });
});

describe('recording a development', () => {
  const record = (more: object = {}) =>
    decide.recordDevelopment({ development: b, ...withContent(content()), ...more });

  test('a development is recorded with one event', () => given(opened).when(record()).then(recorded(b)));
  test('a record that is a key event and supersedes another gives three events in one commit', () =>
    given(opened, recorded(a))
      .when(record({ key: true, supersedes: a }))
      .then(recorded(b), marked(b), superseded(a, b)));
  test('a retried record gives no event, even if the story was closed meanwhile', () => {
    given(opened, recorded(b)).when(record()).then();
    given(opened, recorded(b), closed).when(record()).then();
    given(opened, recorded(a), recorded(b), superseded(a, b))
      .when(record({ supersedes: a }))
      .then();
  });
  test('a record is refused before the story is opened and after it is closed', () => {
    given().when(record()).refused('unknown-story');
    given(opened, closed).when(record()).refused('story-closed');
  });
  test('a record is refused if it supersedes an unknown, retracted or superseded development, or itself', () => {
    const path = ['supersedes'];
    given(opened)
      .when(record({ supersedes: unknown }))
      .refused('unknown-development', { path });
    given(opened, recorded(a), retracted(a))
      .when(record({ supersedes: a }))
      .refused('development-retracted', { path });
    given(opened, recorded(a), recorded(c), superseded(a, c))
      .when(record({ supersedes: a }))
      .refused('development-superseded', { path, allowed: [c] });
    given(opened)
      .when(record({ supersedes: b }))
      .refused('unknown-development', { path });
  });
});

describe('correcting', () => {
  const correct = (held = content('It had begun')) => decide.correct({ development: a, ...withContent(held) });
  const corrected: StoryEvent = {
    type: 'DevelopmentCorrected',
    data: { development: a, ...withContent(content('It had begun')) },
  };

  test('a correction is recorded with one event that has the new content', () =>
    given(opened, recorded(a)).when(correct()).then(corrected));
  test('a correction is accepted in a closed story', () =>
    given(opened, recorded(a), closed).when(correct()).then(corrected));
  test('a correction to the current content gives no event', () => {
    given(opened, recorded(a)).when(correct(content())).then();
    given(opened, recorded(a), corrected).when(correct()).then();
    given(opened, recorded(a), verified(a), corrected)
      .when(decide.verify({ development: a, told: 'again' }))
      .refused('standing-already-so', { allowed: ['disputed'] });
  });
  test('a correction of an unknown, a retracted or a superseded development is refused', () => {
    given(opened).when(correct()).refused('unknown-development');
    given(opened, recorded(a), retracted(a)).when(correct()).refused('development-retracted');
    given(opened, recorded(a), recorded(b), superseded(a, b))
      .when(correct())
      .refused('development-superseded', { allowed: [b] });
  });
});

describe('retracting', () => {
  const retract = (development: string) => decide.retract({ development, told: 'wrong' });

  test('a retraction is recorded with one event', () => given(opened, recorded(a)).when(retract(a)).then(retracted(a)));
  test('the retraction of a development reinstates all that it had superseded', () => {
    given(opened, recorded(a), recorded(c), recorded(b), superseded(c, b), superseded(a, b))
      .when(retract(b))
      .then(retracted(b), reinstated(a, b), reinstated(c, b));
  });
  test('what a retracted development had superseded is then superseded by its replacement', () =>
    given(opened, recorded(a), recorded(b), recorded(c), superseded(a, b), superseded(b, c))
      .when(retract(b))
      .then(retracted(b), superseded(a, c)));
  test('a retraction does not reinstate a development that is retracted itself', () =>
    given(opened, recorded(a), recorded(b), superseded(a, b), retracted(a)).when(retract(b)).then(retracted(b)));
  test('a second retraction gives no event', () => given(opened, recorded(a), retracted(a)).when(retract(a)).then());
  test('the retraction of an unknown development is refused', () =>
    given(opened).when(retract(a)).refused('unknown-development'));
  test('a retracted development is neither pinned nor a key event', () => {
    const state = [opened, recorded(a), pinned(a), marked(a), retracted(a)].reduce(step, noStory);
    expect([state.pinned, state.developments.get(a)?.key]).toEqual([undefined, false]);
  });
});

describe('superseding', () => {
  const supersede = (development: string, by: string) => decide.supersede({ development, by });
  const two = [opened, recorded(a), recorded(b)];

  test('superseding is recorded with one event that names the replacement', () =>
    given(...two)
      .when(supersede(a, b))
      .then(superseded(a, b)));
  test('superseding by the same development again gives no event', () =>
    given(...two, superseded(a, b))
      .when(supersede(a, b))
      .then());
  test('a reinstated development can be superseded again', () =>
    given(...two, recorded(c), superseded(a, b), retracted(b), reinstated(a, b))
      .when(supersede(a, c))
      .then(superseded(a, c)));
  test('superseding is refused if either development is unknown or retracted', () => {
    given(...two)
      .when(supersede(unknown, b))
      .refused('unknown-development');
    given(...two)
      .when(supersede(a, unknown))
      .refused('unknown-development', { path: ['by'] });
    given(...two, retracted(a))
      .when(supersede(a, b))
      .refused('development-retracted');
    given(...two, retracted(b))
      .when(supersede(a, b))
      .refused('development-retracted', { path: ['by'] });
  });
  test('a superseded development cannot get another replacement; the refusal names the current one', () =>
    given(...two, recorded(c), superseded(a, c))
      .when(supersede(a, b))
      .refused('development-superseded', { allowed: [c] }));
  test('a development cannot supersede itself, directly or through others', () => {
    given(...two)
      .when(supersede(a, a))
      .refused('supersedes-itself');
    given(...two, recorded(c), superseded(a, b), superseded(b, c))
      .when(supersede(c, a))
      .refused('supersedes-itself');
  });
  test('superseding gives its event, without an endless loop, on a log that already holds a cycle', () =>
    given(...two, recorded(c), superseded(a, b), superseded(b, a))
      .when(supersede(c, a))
      .then(superseded(c, a)));
});

describe('verifying and disputing', () => {
  const verify = decide.verify({ development: a, told: 'seen' });
  const dispute = decide.dispute({ development: a, told: 'denied' });

  test('verifying and disputing are recorded with one event each', () => {
    given(opened, recorded(a)).when(verify).then(verified(a));
    given(opened, recorded(a), verified(a)).when(dispute).then(disputed(a));
    given(opened, recorded(a), disputed(a)).when(verify).then(verified(a));
  });
  test('a repeated verification or dispute is refused, as its note would be lost', () => {
    given(opened, recorded(a), verified(a))
      .when(verify)
      .refused('standing-already-so', { allowed: ['disputed'] });
    given(opened, recorded(a), disputed(a))
      .when(dispute)
      .refused('standing-already-so', { allowed: ['confirmed'] });
  });
  test('verifying and disputing an unknown or a retracted development are refused', () => {
    for (const decision of [verify, dispute]) {
      given(opened).when(decision).refused('unknown-development');
      given(opened, recorded(a), retracted(a)).when(decision).refused('development-retracted');
    }
  });
});

describe('pins and key marks', () => {
  const on = { development: a };

  test('a pin and a key mark can be added and removed', () => {
    given(opened, recorded(a)).when(decide.pin(on)).then(pinned(a));
    given(opened, recorded(a), pinned(a)).when(decide.unpin(on)).then(unpinned(a));
    given(opened, recorded(a)).when(decide.markKey(on)).then(marked(a));
    given(opened, recorded(a), marked(a)).when(decide.unmarkKey(on)).then(unmarked(a));
  });
  test('a new pin removes the old one in the same commit, after the requested event', () => {
    given(opened, recorded(a), recorded(b), pinned(b)).when(decide.pin(on)).then(pinned(a), unpinned(b));
    const state = [opened, recorded(a), recorded(b), pinned(b), pinned(a), unpinned(b)].reduce(step, noStory);
    expect(state.pinned).toBe(a);
  });
  test('adding or removing a pin or key mark twice gives no event', () => {
    given(opened, recorded(a), pinned(a)).when(decide.pin(on)).then();
    given(opened, recorded(a), recorded(b), pinned(b)).when(decide.unpin(on)).then();
    given(opened, recorded(a), marked(a)).when(decide.markKey(on)).then();
    given(opened, recorded(a)).when(decide.unmarkKey(on)).then();
  });
  test('pins and marks of an unknown or retracted development are refused; unpinning a retracted one is no event', () => {
    for (const decision of [decide.pin, decide.unpin, decide.markKey, decide.unmarkKey])
      given(opened).when(decision(on)).refused('unknown-development');
    for (const decision of [decide.pin, decide.markKey, decide.unmarkKey])
      given(opened, recorded(a), retracted(a)).when(decision(on)).refused('development-retracted');
    given(opened, recorded(a), pinned(a), retracted(a)).when(decide.unpin(on)).then();
  });
});

describe('settling a condition', () => {
  const settle = (fate: 'met' | 'lapsed', development?: string, condition = 'rain') =>
    decide.settleCondition({ condition, fate, reason: 'so it is', ...(development ? { development } : {}) });
  const hanging = [opened, recorded(a, content('A march', 'rain', 'a-quorum')), recorded(b)];

  test('the outcome of a condition is recorded with the development that settled it, if any', () => {
    given(...hanging)
      .when(settle('met', b))
      .then(settled('rain', 'met', b));
    given(...hanging)
      .when(settle('lapsed'))
      .then(settled('rain', 'lapsed'));
  });
  test('settling a condition again with the same outcome gives no event; another outcome is refused', () => {
    given(...hanging, settled('rain', 'met'))
      .when(settle('met'))
      .then();
    given(...hanging, settled('rain', 'met'))
      .when(settle('lapsed'))
      .refused('condition-settled', { path: ['fate'], allowed: ['met'] });
  });
  test('settling is refused without a story, for an unknown condition (it lists the known) or development', () => {
    given().when(settle('met')).refused('unknown-story');
    given(...hanging)
      .when(settle('met', b, 'snow'))
      .refused('unknown-condition', { allowed: ['a-quorum', 'rain'] });
    given(...hanging)
      .when(settle('met', unknown))
      .refused('unknown-development', { path: ['development'] });
  });
});

describe('every decision, on any state', () => {
  const ids = fc.constantFrom(a, b, c, unknown);
  const update = { ...content(), kind: 'update', data: {}, body: 'It began.' } as Content;
  const held = fc.constantFrom(content(), content('Other'), content('A march', 'rain'), update);
  const standing = fc.constantFrom('met' as const, 'lapsed' as const);
  const embargo = fc.constantFrom({}, { until: '2026-01-01T12:00:00.000Z' }, { until: '2026-01-02T12:00:00.000Z' });
  const linked = fc.record({ development: fc.constantFrom(a, b), to: ids, as: fc.constant('answers' as const) });
  const words = fc.constantFrom('fffffff1-0000-4000-8000-000000000000', 'fffffff2-0000-4000-8000-000000000000');
  const cites = fc.uniqueArray(fc.constantFrom(a, b), { minLength: 1 });
  const pointed = fc.oneof(
    fc.record({ text: words, cites, told: fc.constant('so') }),
    fc.record({ text: words, checked: fc.constant(true as const) }),
    fc.record({ text: words, cites: fc.option(cites, { nil: undefined }) }),
  );
  const other = { id: 'other' };
  const person = fc.constantFrom('other', 'ann', 'ben');
  const namer = fc.constantFrom('chief' as const, 'managing' as const);
  const singleBy = (rules: Rules): fc.Arbitrary<StoryDecision> =>
    fc.oneof(
      fc.constantFrom(header, { ...header, isUnchanged: true }, { ...header, chief: other.id }).map(decide.openStory),
      fc.record({ member: person, role: fc.constantFrom(...teamRoles), as: namer }).map(decide.nameMember),
      { weight: 3, arbitrary: fc.record({ member: person, as: namer }).map(decide.removeMember) },
      fc.constantFrom(header, { ...header, isUnchanged: true }).map(decide.amendStory),
      fc.constantFrom(decide.closeStory({}), decide.closeStory({ ...reasoned, ended: anyOrigin.recorded })),
      { weight: 4, arbitrary: fc.array(pointed, { maxLength: 3 }).map(points => decide.setKeyPoints({ points })) },
      fc.constant(decide.reopenStory(reasoned)),
      { weight: 3, arbitrary: fc.constant(decide.reopenStory({ reason: 'more' })) },
      {
        weight: 8,
        arbitrary: fc
          .record({
            development: ids,
            content: held,
            supersedes: fc.option(ids, { nil: undefined }),
            key: fc.boolean(),
            embargo: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, embargo),
            rules: fc.constant(rules),
            as: fc.constantFrom(...(['editor', 'editor', 'editor', 'reporter'] as const)),
          })
          .map(({ content: reported, ...more }) => decide.recordDevelopment({ ...more, ...withContent(reported) })),
      },
      fc
        .record({ development: ids, content: held })
        .map(({ development, content: reported }) => decide.correct({ development, ...withContent(reported) })),
      {
        weight: 4,
        arbitrary: fc
          .record({ development: ids, content: held })
          .map(({ development, content: reported }) => decide.classify({ development, ...withContent(reported) })),
      },
      fc
        .record({ development: ids, content: held, act: fc.constantFrom(decide.copyEdit, decide.recapture) })
        .map(({ development, content: reported, act }) => act({ development, ...withContent(reported) })),
      ids.map(development => decide.retract({ development, told: 'wrong' })),
      fc.record({ development: ids, by: ids }).map(decide.supersede),
      ids.map(development => decide.verify({ development, told: 'seen' })),
      ids.map(development => decide.dispute({ development, told: 'denied' })),
      { weight: 3, arbitrary: ids.map(development => decide.pin({ development })) },
      { weight: 4, arbitrary: ids.map(development => decide.unpin({ development })) },
      ids.map(development => decide.markKey({ development })),
      ids.map(development => decide.unmarkKey({ development })),
      fc.tuple(ids, embargo).map(([development, held]) => decide.changeEmbargo({ development, ...held })),
      { weight: 2, arbitrary: ids.map(development => decide.liftEmbargo({ development })) },
      fc.tuple(ids, embargo).map(([development, held]) => decide.liftEmbargo({ development, ...held })),
      { weight: 8, arbitrary: linked.map(decide.link) },
      { weight: 8, arbitrary: linked.map(decide.unlink) },
      fc
        .record({ condition: fc.constantFrom('rain', 'snow'), fate: standing, reason: fc.constant('so') })
        .map(decide.settleCondition),
      standing.map(fate => decide.settleCondition({ ...reasoned, condition: 'rain', fate })),
    );
  const proposed = { told: 'why', ground: 'privacy' as const };
  const proposal = anyOrigin.id;
  const role = fc.constantFrom('editor' as const, 'legal' as const);
  const decisionBy = (rules: Rules) =>
    fc.oneof(
      { weight: 20, arbitrary: singleBy(rules) },
      ids.map(development => decide.proposeRetraction({ development, told: 'why', as: 'editor' })),
      fc
        .tuple(ids, role)
        .map(([development, as]) => decide.proposeTakedown({ ...proposed, development, as, ...(rules && { rules }) })),
      {
        weight: 2,
        arbitrary: role.map(as => decide.approve({ proposal, as, by: other, told: 'why', rules })),
      },
      role.map(as => decide.proposeTextTakedown({ ...proposed, text, as })),
      role.map(as => decide.withdraw({ proposal, told: { reason: 'not so' }, by: other, as, rules })),
      fc.subarray(['retract' as const]).map(acts => decide.requireApprovals({ acts, as: 'legal', rules })),
      fc
        .record({
          basis: fc.constantFrom('desk' as const, 'official' as const),
          standing: fc.constant('reported' as const),
        })
        .map(sourcing => decide.setPostingDefaults({ sourcing, modality: { mode: 'asserted' } })),
      { weight: 2, arbitrary: fc.constant(decide.proposeApprovals({ acts: [], as: 'legal', reason: 'why' })) },
      { weight: 6, arbitrary: submissionBy(rules, held.map(withContent), embargo) },
    );
  const decision = fc.oneof(decisionBy(undefined), decisionBy(2), decisionBy(3));
  const after = (state: StoryState, decided: StoryDecision) => {
    const outcome = decided(state);
    return isRefusal(outcome) ? state : outcome.reduce(step, state);
  };
  // A log is written under one edition of the rules, and then perhaps under the next one.
  const decisions = fc
    .tuple(
      ...([undefined, 2, 3] as const).map(rules =>
        fc.noBias(fc.array(decisionBy(rules), { minLength: 5, maxLength: 40, size: 'max' })),
      ),
    )
    .chain(([first, second, third]) =>
      fc.constantFrom(first!, second!, third!, [...first!, ...second!], [...second!, ...third!]),
    );
  // Rare events need a team, or something reported, to begin with.
  const teamed = decide.openStory({ ...header, chief: other.id })(noStory) as StoryEvent[];
  const begun = [[opened], teamed, [opened, recorded(a), recorded(b)]].map(events => events.reduce(step, noStory));
  const reachable = decisions.map(decided => decided.reduce(after, step(noStory, opened)));

  test('a decision gives no events when it is retried, or the same refusal', () =>
    void fc.assert(
      fc.property(fc.oneof(reachable, fc.constant(noStory)), decision, (state, decided) => {
        const outcome = decided(state);
        if (isRefusal(outcome)) return expect(decided(state)).toEqual(outcome);
        const again = decided(outcome.reduce(step, state));
        if (isRefusal(again))
          expect(['standing-already-so', 'unknown-proposal', 'proposal-open', ...onceOnly]).toContain(again.refused);
        else expect(again).toEqual([]);
      }),
      { numRuns: 2_000 },
    ));

  test('every decision can be reconstructed from its events, and gives the same events again', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(noStory, ...begun), decisions, (start, history) => {
        history.reduce((state, decided) => {
          const events = decided(state);
          if (isRefusal(events) || events.length === 0) return state;
          events.forEach(({ type }) => seen.add(type));
          expect(reconstructDecision(events, other)?.(state)).toEqual(events);
          return events.reduce(step, state);
        }, start);
      }),
      { numRuns: 4_000 },
    );
    // Nothing decides on a title in the clear any more; `decisions` begin with one.
    expect([...seen, opened.type].sort()).toEqual(storyEvents.map(({ type }) => type).sort());
  });

  test('a commit with an added event or another order does not equal its reconstructed decision', () => {
    fc.assert(
      fc.property(reachable, decision, fc.boolean(), (state, decided, turned) => {
        const events = decided(state);
        if (isRefusal(events) || events.length < (turned ? 2 : 1)) return;
        const forged = turned ? events.toReversed() : [...events, unpinned(a)];
        expect(reconstructDecision(forged, other)?.(state)).not.toEqual(forged);
      }),
      { numRuns: 3_000 },
    );
  });

  const all = ({ developments }: StoryState) =>
    [...developments.keys()].map(id => [id, developments.get(id)!] as const);

  test('no decision changes retracted or taken-down developments, or leaves a superseded one without replacement', () =>
    void fc.assert(
      fc.property(reachable, decision, (state, decided) => {
        const later = after(state, decided);
        const over = ['retracted', 'taken-down'];
        for (const [id, { status }] of all(state))
          if (status === 'taken-down') expect(later.developments.get(id)).toEqual(state.developments.get(id));
          else if (status === 'retracted' && later.developments.get(id)?.status !== 'taken-down')
            expect(later.developments.get(id)).toEqual(state.developments.get(id));
        for (const [, { status, supersededBy }] of all(later))
          if (status === 'superseded') expect(over).not.toContain(later.developments.get(supersededBy!)?.status);
        if (later.pinned) expect(over).not.toContain(later.developments.get(later.pinned)?.status);
      }),
      { numRuns: 1_000 },
    ));

  test('a state says how many developments name each condition, and what each has superseded', () =>
    void fc.assert(
      fc.property(reachable, decision, (state, decided) => {
        const later = after(state, decided);
        const named = all(later).flatMap(([, { conditions }]) => [...new Set(conditions)]);
        const counts = Object.entries(Object.groupBy(named, id => id)).map(([id, each]) => [id, each!.length]);
        expect(later.conditions.toObject()).toEqual(Object.fromEntries(counts));
        for (const [id, { supersedes = [] }] of all(later))
          expect(supersedes.toSorted()).toEqual(
            all(later)
              .flatMap(([other, { supersededBy }]) => (supersededBy === id ? other : []))
              .toSorted(),
          );
      }),
      { numRuns: 1_000 },
    ));

  test('a decision does not throw on a state from any order of events', () => {
    const event = fc.oneof(
      fc.constantFrom(opened, closed, reopened),
      fc
        .constantFrom(recorded, retracted, verified, disputed, pinned, unpinned, marked, unmarked)
        .chain(make => ids.map(id => make(id))),
      fc.constantFrom(superseded, reinstated).chain(make => fc.tuple(ids, ids).map(([x, y]) => make(x, y))),
      standing.map(fate => settled('rain', fate)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), decision, (events, decided) => {
        decided(events.reduce(step, noStory));
      }),
      { numRuns: 1_000 },
    );
  });
});

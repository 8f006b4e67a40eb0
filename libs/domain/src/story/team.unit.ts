import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../errors.js';
import { anyOrigin } from '../given.spec-helper.js';
import { bounds } from './bounds.js';
import type { Outline } from './payload.js';
import { mayEnter, mayIn, notAllowedIn, rights, rolesIn, seesUnpublished, tokenRolesFor, type Does } from './rights.js';
import { noStory, type StoryState } from './state.js';
import { decisions as decide, evolve, reconstructDecision, type StoryEvent } from './story.js';
import { mostChiefsNamed, type TeamRole } from './team.js';
import { notAllowedThen } from './then.js';

const text = 'ffffffff-0000-4000-8000-000000000000';
const header = { text, zone: 'Europe/Berlin', told: { title: 'The count' } };
const development = '11111111-1111-4111-8111-111111111111';
const outline: Outline = { kind: 'update', standing: 'reported', conditions: [], digest: 'd'.repeat(64) };

/** The state after these events, each by a person. */
const after = (events: readonly (readonly [StoryEvent, string, string?])[], from: StoryState = noStory) =>
  events.reduce((state, [event, id, name]) => evolve(state, event, { ...anyOrigin, by: { id, name } }), from);
const opened = (chief?: string): StoryState => {
  const events = decide.openStory({ ...header, chief })(noStory);
  if (isRefusal(events)) throw new Error(events.detail);
  return after(events.map(event => [event, chief ?? 'ed'] as const));
};
const named = (member: string, role: TeamRole): StoryEvent => ({
  type: 'MemberNamed',
  data: { member, role, as: 'chief' },
});
const recorded = (as: 'reporter' | 'editor' = 'reporter'): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, outline, told: {}, as, rules: 2 },
});

/** A story with a chief, an editor and two reporters, of whom `rita` has posted. */
const team = after(
  [
    [named('ed', 'editor'), 'ann'],
    [named('rita', 'reporter'), 'ann'],
    [named('rob', 'reporter'), 'ann'],
    [recorded(), 'rita', 'Rita'],
  ],
  opened('ann'),
);
const newsroom = after([[recorded(), 'rita', 'Rita']], opened());

const anybody = ['reporter', 'editor'];
const refusal = (state: StoryState, does: Does, id: string, roles: readonly string[] = anybody, target = {}) =>
  notAllowedIn(state, does, { id, roles }, target)?.refused;

describe('opening a story', () => {
  test('names its opener as the first chief, in the same commit', () => {
    const events = decide.openStory({ ...header, chief: 'ann' })(noStory) as StoryEvent[];
    expect(events.map(({ type }) => type)).toEqual(['StoryOpenedSealed', 'MemberNamed']);
    expect(opened('ann').team).toEqual([{ id: 'ann', role: 'chief' }]);
    expect(reconstructDecision(events, { id: 'ann' })?.(noStory)).toEqual(events);
    // A commit that makes somebody else chief than its author is no decision of ours.
    expect(reconstructDecision(events, { id: 'eve' })?.(noStory)).not.toEqual(events);
  });

  test('for the whole newsroom is one event, as before there were teams', () => {
    expect(decide.openStory(header)(noStory)).toEqual([{ type: 'StoryOpenedSealed', data: header }]);
    expect(opened().team).toBeUndefined();
  });

  test('again is nothing new only with the same team', () => {
    const again = { ...header, text: text.replace('f', 'e'), isUnchanged: true };
    expect(decide.openStory({ ...again, chief: 'ann' })(opened('ann'))).toEqual([]);
    expect(decide.openStory(again)(opened())).toEqual([]);
    for (const [chief, state] of [
      [undefined, opened('ann')],
      ['ann', opened()],
      ['eve', opened('ann')],
    ] as const)
      expect(decide.openStory({ ...again, chief })(state)).toMatchObject({ refused: 'story-exists' });
  });
});

describe('the team', () => {
  test('a person comes, gets another role, and goes', () => {
    const rise = decide.nameMember({ member: 'rita', role: 'editor', as: 'chief' });
    expect(rise(team)).toEqual([named('rita', 'editor')]);
    const risen = after([[named('rita', 'editor'), 'ann']], team);
    expect(risen.team).toContainEqual({ id: 'rita', role: 'editor', name: 'Rita' });
    expect(rise(risen)).toEqual([]);
    const gone: StoryEvent = { type: 'MemberRemoved', data: { member: 'rita', as: 'chief' } };
    expect(decide.removeMember({ member: 'rita', as: 'chief' })(risen)).toEqual([gone]);
    expect(after([[gone, 'ann']], risen).team?.map(({ id }) => id)).toEqual(['ann', 'ed', 'rob']);
    expect(decide.removeMember({ member: 'nobody', as: 'chief' })(risen)).toEqual([]);
  });

  test('it is never without a chief', () => {
    expect(decide.removeMember({ member: 'ann', as: 'chief' })(team)).toMatchObject({ refused: 'last-chief' });
    expect(decide.nameMember({ member: 'ann', role: 'editor', as: 'managing' })(team)).toMatchObject({
      refused: 'last-chief',
    });
    const two = after([[named('ed', 'chief'), 'ann']], team);
    expect(decide.removeMember({ member: 'ann', as: 'chief' })(two)).toHaveLength(1);
  });

  test('a story of the whole newsroom has none to change, until a managing editor names its first chief', () => {
    const naming = (role: TeamRole, as: 'chief' | 'managing') =>
      decide.nameMember({ member: 'ann', role, as })(newsroom);
    for (const refused of [naming('chief', 'chief'), naming('editor', 'managing')])
      expect(refused).toMatchObject({ refused: 'no-team' });
    const [event] = naming('chief', 'managing') as StoryEvent[];
    expect(event).toEqual({ type: 'MemberNamed', data: { member: 'ann', role: 'chief', as: 'managing' } });
    const owned = after([[event!, 'mo']], newsroom);
    expect(owned.team).toEqual([{ id: 'ann', role: 'chief' }]);
    expect(refusal(owned, 'pin-development', 'ed')).toBe('not-in-team');
    expect(refusal(owned, 'close-story', 'ann')).toBeUndefined();
    expect(decide.removeMember({ member: 'ann', as: 'chief' })(noStory)).toMatchObject({ refused: 'unknown-story' });
  });
});

describe('who may do what', () => {
  const roles = { none: 'eve', reporter: 'rob', editor: 'ed', chief: 'ann' };

  test.each(Object.entries(rights))(
    '%s',
    (does, right: (typeof rights)[Does] & { team?: TeamRole; newsroom?: unknown }) => {
      if (right.newsroom) return expect(tokenRolesFor(does as Does)).toEqual(right.newsroom);
      const may = Object.entries(roles).flatMap(([role, id]) => (refusal(team, does as Does, id) ? [] : [role]));
      const ranks = ['reporter', 'editor', 'chief'];
      expect(may).toEqual(right.team ? ranks.slice(ranks.indexOf(right.team)) : []);
      for (const role of 'token' in right ? (right as { token: readonly string[] }).token : [])
        expect(refusal(team, does as Does, 'eve', [role])).toBeUndefined();
    },
  );

  test('a reporter corrects, edits and classifies what they recorded, and nothing of others', () => {
    for (const does of ['correct-development', 'copy-edit-development', 'classify-development'] as const) {
      expect(refusal(team, does, 'rita', ['reporter'], { development })).toBeUndefined();
      expect(refusal(team, does, 'rob', ['reporter'], { development })).toBe('role-needed');
      expect(refusal(newsroom, does, 'rita', ['reporter'], { development })).toBeUndefined();
      expect(refusal(newsroom, does, 'rob', ['reporter'], { development })).toBe('role-needed');
    }
    expect(refusal(team, 'retract-development', 'rita', ['reporter'], { development })).toBe('role-needed');
  });

  test('in a story with a team the roles `reporter` and `editor` of a token give nothing', () => {
    expect(rolesIn(team, { id: 'eve', roles: anybody })).toEqual([]);
    expect(rolesIn(team, { id: 'ann', roles: ['reporter'] })).toEqual(['reporter', 'editor', 'chief']);
    // Nobody acts in a team without a role of a token that acts at all.
    expect(rolesIn(team, { id: 'ann', roles: ['auditor'] })).toEqual(['auditor']);
  });

  test('in a story of the whole newsroom every editor may what a chief may, but for the team', () => {
    const { may } = mayIn(newsroom, { id: 'eve', roles: ['editor'] });
    expect(may).toEqual(expect.arrayContaining(['close-story', 'amend-story', 'retract-development']));
    expect(may).not.toContain('name-member');
    const { may: managing } = mayIn(newsroom, { id: 'mo', roles: ['managing'] });
    expect([managing.includes('name-member'), managing.includes('remove-member')]).toEqual([true, false]);
    expect(mayIn(newsroom, { id: 'eve', roles: ['reporter'] }).may).toEqual([
      ...[
        'record-development',
        'submit-development',
        'preview-content',
        'keep-picture',
        'begin-upload',
        'send-part',
        'finish-upload',
        'capture-link',
        'capture-link-again',
        'see-captured-picture',
        'keep-draft',
        'take-over-draft',
      ],
      ...['hand-over-draft', 'discard-draft', 'say-presence'],
    ]);
  });

  test('a member is an id byte for byte: no name, no other case, no other form of Unicode', () => {
    const composed = 'Zo\u00eb';
    const state = after([[named(composed, 'editor'), 'ann', 'Ann']], team);
    expect(refusal(state, 'pin-development', composed)).toBeUndefined();
    for (const other of ['Zoe\u0308', 'zo\u00eb', 'Zo\u00eb ', 'Ann']) {
      expect(other.normalize() === composed || other !== composed).toBe(true);
      expect(refusal(state, 'pin-development', other)).toBe('not-in-team');
    }
  });

  test('a refusal names the chiefs who can add somebody, and no more than five', () => {
    const chiefs = Array.from({ length: 7 }, (_, n) => [named(`c${n}`, 'chief'), 'ann', 'Ann'] as const);
    const refused = notAllowedIn(after(chiefs, team), 'pin-development', { id: 'eve', roles: anybody });
    expect(refused).toMatchObject({ refused: 'not-in-team', detail: expect.stringContaining('Ann (ann), c0') });
    expect(refused?.allowed).toHaveLength(mostChiefsNamed);
  });

  test('a program has the rights of its maker, and none where its maker has none', () => {
    const program = { id: 'machine:1', roles: ['editor'], maker: 'rob' };
    expect(notAllowedIn(team, 'record-development', program)).toBeUndefined();
    expect(notAllowedIn(team, 'pin-development', program)?.refused).toBe('role-needed');
    const gone = after([[{ type: 'MemberRemoved', data: { member: 'rob' } }, 'ann']], team);
    expect(notAllowedIn(gone, 'record-development', program)?.refused).toBe('not-in-team');
  });

  test('members and those who see all see what readers do not see yet', () => {
    const sees = (id: string, ...roles: string[]) => seesUnpublished(team, { id, roles });
    expect([sees('rita', 'reporter'), sees('eve', 'legal'), sees('eve', 'managing')]).toEqual([true, true, true]);
    expect([sees('eve', 'editor'), sees('eve', 'auditor'), sees('eve', 'reporter')]).toEqual([false, false, false]);
    expect(mayEnter(team, { id: 'eve', roles: ['auditor'] })).toBe(true);
    expect(mayEnter(team, { id: 'eve', roles: anybody })).toBe(false);
    expect(seesUnpublished(newsroom, { id: 'eve', roles: ['reporter'] })).toBe(false);
  });

  test('the table is bounded as documented', () => expect(bounds.membersOfStory).toBe(200));
});

describe('whether somebody was allowed then', () => {
  const then = (event: StoryEvent, by: { id: string; maker?: string }, state = team) =>
    notAllowedThen(state, [event], by)?.refused;
  const pinned: StoryEvent = { type: 'DevelopmentPinned', data: { development } };
  const lifted: StoryEvent = { type: 'EmbargoLifted', data: { development } };

  test('a member in a role that allows it was, and anybody else was not', () => {
    expect(then(pinned, { id: 'ed' })).toBeUndefined();
    expect(then(pinned, { id: 'rita' })).toBe('role-needed');
    expect(then(pinned, { id: 'eve' })).toBe('not-in-team');
    expect(then(pinned, { id: 'eve' }, newsroom)).toBeUndefined();
    expect(then(pinned, { id: 'machine:1', maker: 'ed' })).toBeUndefined();
    expect(then(pinned, { id: 'machine:1', maker: 'eve' })).toBe('not-in-team');
    expect(then(pinned, { id: 'machine:1' })).toBe('not-in-team');
  });

  test('a reporter who records as an editor was not', () => {
    expect(then(recorded('reporter'), { id: 'rita' })).toBeUndefined();
    expect(then(recorded('editor'), { id: 'rita' })).toBe('role-needed');
    expect(then(recorded('editor'), { id: 'ed' })).toBeUndefined();
  });

  test('the system lifts embargoes and does nothing else', () => {
    expect(then(lifted, { id: 'dateline' })).toBeUndefined();
    expect(then(pinned, { id: 'dateline' })).toBe('not-in-team');
  });

  test('a lawyer needs no membership for what lawyers do, and an editor does', () => {
    const proposed = (as: 'legal' | 'editor'): StoryEvent => ({
      type: 'TakedownProposed',
      data: { development, ground: 'legal', told: {}, as, rules: 2 },
    });
    expect(then(proposed('legal'), { id: 'lea' })).toBeUndefined();
    expect(then(proposed('editor'), { id: 'lea' })).toBe('not-in-team');
  });

  test('a member who names members is a chief', () => {
    expect(then(named('eve', 'editor'), { id: 'ann' })).toBeUndefined();
    expect(then(named('eve', 'editor'), { id: 'ed' })).toBe('role-needed');
    expect(then(named('eve', 'chief'), { id: 'eve' })).toBe('not-in-team');
    const managing: StoryEvent = { type: 'MemberNamed', data: { member: 'm', role: 'chief', as: 'managing' } };
    expect(then(managing, { id: 'm' })).toBeUndefined();
  });
});

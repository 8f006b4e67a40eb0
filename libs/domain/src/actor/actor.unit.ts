import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../errors.js';
import { anyOrigin, specOf } from '../given.spec-helper.js';
import {
  ActorProfile,
  amendActor,
  entryIn,
  evolveActor,
  noActor,
  profileOf,
  registerActor,
  type ActorEvent,
  type ActorState,
} from './actor.js';
import { reconstructActorDecision } from './reconstruct.js';

const given = specOf(noActor, evolveActor);
const ada: ActorProfile = { name: 'Ada Quist', kind: 'person', aliases: ['Quist'], affiliations: [] };
const older: ActorProfile = { ...ada, aliases: ['Quist', 'Kvist'] };
const registered: ActorEvent = { type: 'ActorRegistered', data: ada };
const amended: ActorEvent = { type: 'ActorAmended', data: older };

describe('registering an actor', () => {
  test('a new actor is registered with one event', () => given().when(registerActor(ada)).then(registered));
  test('an actor that is registered again with the same details gets no event', () => {
    given(registered).when(registerActor(ada)).then();
    given(registered, amended).when(registerActor(older)).then();
  });
  test('an actor that is registered again with other details is refused with actor-exists', () => {
    given(registered)
      .when(registerActor(older))
      .refused('actor-exists', { path: ['id'] });
    given(registered, amended)
      .when(registerActor(ada))
      .refused('actor-exists', { path: ['id'] });
  });
});

describe('amending an actor', () => {
  test('an amendment replaces the whole entry', () => {
    given(registered).when(amendActor(older)).then(amended);
    given(registered, amended).then(older);
  });
  test('an amendment to the same details gives no event', () =>
    given(registered, amended).when(amendActor(older)).then());
  test('an amendment of an actor that is not registered is refused with unknown-actor-id', () =>
    given().when(amendActor(ada)).refused('unknown-actor-id'));
});

test('a decision on an actor gives no event when it is retried', () => {
  const profile = fc.constantFrom(ada, older, { ...ada, name: 'Ada' });
  const decision = fc.oneof(profile.map(registerActor), profile.map(amendActor));
  fc.assert(
    fc.property(fc.array(profile), decision, (profiles, decide) => {
      const state = profiles.reduce(
        (held: ActorState, data) => evolveActor(held, { type: 'ActorAmended', data }, anyOrigin),
        noActor,
      );
      const outcome = decide(state);
      if (!isRefusal(outcome))
        expect(decide(outcome.reduce((held: ActorState, event) => evolveActor(held, event, anyOrigin), state))).toEqual(
          [],
        );
    }),
  );
});

describe('an entry with sealed words', () => {
  const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  const { kind, affiliations, ...told } = ada;
  const entry = (text: string, more: object = {}) => ({ text, told, kind, affiliations, ...more });
  const sealed = (type: 'ActorRegisteredSealed' | 'ActorAmendedSealed', text: string): ActorEvent => ({
    type,
    data: entry(text),
  });

  test('a registration and an amendment are recorded sealed, each version under another key', () => {
    given()
      .when(registerActor(entry(first)))
      .then(sealed('ActorRegisteredSealed', first));
    given(sealed('ActorRegisteredSealed', first))
      .when(amendActor(entry(second)))
      .then(sealed('ActorAmendedSealed', second));
    given(registered)
      .when(amendActor(entry(second)))
      .then(sealed('ActorAmendedSealed', second));
  });
  test('what says that it changes nothing, or is there already, gets no event', () => {
    given(sealed('ActorRegisteredSealed', first))
      .when(amendActor(entry(second, { isUnchanged: true })))
      .then();
    given(sealed('ActorRegisteredSealed', first))
      .when(registerActor(entry(first)))
      .then();
    given(sealed('ActorRegisteredSealed', first))
      .when(registerActor(entry(second)))
      .refused('actor-exists', { path: ['id'] });
  });
  test('its decision can be made again from the log, without any key', () => {
    const event: ActorEvent = { type: 'ActorAmendedSealed', data: { ...entry(second), told: 'sealed' } };
    expect(reconstructActorDecision([event], anyOrigin.by)!(ada)).toEqual([event]);
  });
  test('without its words an actor is known by the id', () => {
    expect(profileOf('ada', entryIn(sealed('ActorAmendedSealed', first))!)).toEqual(ada);
    const { data } = sealed('ActorAmendedSealed', first);
    expect(profileOf('ada', { ...data, told: null, sealedIn: 'ActorAmendedSealed' } as never)).toEqual({
      ...{ name: 'ada', aliases: [], kind, affiliations },
    });
  });
});

describe('an actor’s profile', () => {
  const { success } = ActorProfile.safeParse({ name: 'Oslo', kind: 'state' });
  test('a name and a kind are enough; aliases and affiliations default to none', () => {
    expect(success).toBe(true);
    expect(ActorProfile.parse({ name: 'Oslo', kind: 'state' })).toMatchObject({ aliases: [], affiliations: [] });
  });
  test.each([
    ['name', { name: ' ' }],
    ['name', { name: 'two\nlines' }],
    ['kind', { kind: 'robot' }],
    ['wikidata', { wikidata: 'Q0' }],
    ['wikidata', { wikidata: '42' }],
    ['iso3166', { iso3166: 'no' }],
    ['affiliations.0', { affiliations: ['Not An Id'] }],
    ['aliases.1', { aliases: ['fine', ''] }],
  ])('the error names the field %s for the wrong value in %p', (field, wrong) => {
    const { error } = ActorProfile.safeParse({ ...ada, ...wrong });
    expect(error?.issues.map(issue => issue.path.join('.'))).toEqual([field]);
  });

  test.each([
    ['aliases', 50],
    ['affiliations', 20],
  ])('the limit of %s is accepted, and one more is refused', (field, most) => {
    const names = Array.from({ length: most }, (_, n) => `name-${n}`);
    expect(ActorProfile.safeParse({ ...ada, [field]: names }).success).toBe(true);
    expect(ActorProfile.safeParse({ ...ada, [field]: [...names, 'one-more'] }).success).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import { amendActor, noActor, registerActor, type ActorEvent, type ActorProfile } from '../actor/actor.js';
import { reconstructActorDecision } from '../actor/reconstruct.js';
import { anyOrigin } from '../given.spec-helper.js';
import { noStory, type StoryProfile } from './state.js';
import { evolve, reconstructDecision, type StoryEvent } from './story.js';

const a = 'aaaaaaaa-0000-4000-8000-000000000000';
const b = 'bbbbbbbb-0000-4000-8000-000000000000';
const { by } = anyOrigin;
const profile: StoryProfile = { title: 'The count', zone: 'Europe/Berlin' };

// The decisions' own tests check that each one reconstructs to the same events.
describe('a decision reconstructed from its events', () => {
  test('there is none if no decision begins with such an event', () => {
    expect(
      reconstructDecision([{ type: 'DevelopmentReinstated', data: { development: a, retracted: b } }], by),
    ).toBeUndefined();
    expect(reconstructDecision([], by)).toBeUndefined();
    expect(reconstructActorDecision([], by)).toBeUndefined();
  });

  test('it gives the same refusal as the original decision', () => {
    const again = (event: StoryEvent) => reconstructDecision([event], by)!(noStory);
    expect(again({ type: 'DevelopmentRetracted', data: { development: a, told: null } })).toMatchObject({
      refused: 'unknown-development',
    });
    const opened = evolve(noStory, { type: 'StoryOpened', data: profile }, anyOrigin);
    expect(
      reconstructDecision([{ type: 'StoryOpened', data: { ...profile, title: 'Other' } }], by)!(opened),
    ).toMatchObject({
      refused: 'story-exists',
    });
  });

  test('registering and amending an actor are reconstructed too', () => {
    const entry: ActorProfile = { name: 'The mayor', kind: 'person', aliases: [], affiliations: [] };
    const amended = { ...entry, aliases: ['Mayor'] };
    const given = (events: ReturnType<ReturnType<typeof registerActor>>) => events as ActorEvent[];
    const registering = given(registerActor(entry)(noActor));
    expect(reconstructActorDecision(registering, by)!(noActor)).toEqual(registering);
    const amending = given(amendActor(amended)(entry));
    expect(reconstructActorDecision(amending, by)!(entry)).toEqual(amending);
    expect(reconstructActorDecision(amending, by)!(noActor)).toMatchObject({ refused: 'unknown-actor-id' });
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amendActor, noActor, registerActor, type ActorEvent, type ActorProfile } from './actor/actor.js';
import { isRefusal } from './errors.js';
import { redecide, redecideActor } from './redecide.js';
import { a, b, decision, profile, reachable } from './story/any.spec-helper.js';
import { evolve, noStory, storyEvents, type StoryEvent } from './story/story.js';

describe('a decision made again from its events', () => {
  test('gives the same events, whatever was decided', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: reachable }, fc.constant(noStory)), decision, (state, decided) => {
        const events = decided(state);
        if (isRefusal(events) || events.length === 0) return;
        events.forEach(({ type }) => seen.add(type));
        expect(redecide(events)?.(state)).toEqual(events);
      }),
      { numRuns: 5_000 },
    );
    expect([...seen].sort()).toEqual(storyEvents.map(({ shape }) => shape.type.value).sort());
  });

  test('gives no more and no others, so that what was added or changed places shows', () => {
    const extra: StoryEvent = { type: 'DevelopmentUnpinned', data: { development: a } };
    fc.assert(
      fc.property(reachable, decision, fc.boolean(), (state, decided, turned) => {
        const events = decided(state);
        if (isRefusal(events) || events.length < (turned ? 2 : 1)) return;
        const forged = turned ? events.toReversed() : [...events, extra];
        expect(redecide(forged)?.(state)).not.toEqual(forged);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is none where no decision begins with such an event', () => {
    expect(redecide([{ type: 'DevelopmentReinstated', data: { development: a, retracted: b } }])).toBeUndefined();
    expect(redecide([])).toBeUndefined();
    expect(redecideActor([])).toBeUndefined();
  });

  test('is refused as the decision itself is', () => {
    const again = (event: StoryEvent) => redecide([event])!(noStory);
    expect(again({ type: 'DevelopmentRetracted', data: { development: a, reason: 'No.' } })).toMatchObject({
      refused: 'unknown-development',
    });
    const opened = evolve(noStory, { type: 'StoryOpened', data: profile });
    expect(redecide([{ type: 'StoryOpened', data: { ...profile, title: 'Other' } }])!(opened)).toMatchObject({
      refused: 'story-exists',
    });
  });

  test('holds for an actor’s entry too', () => {
    const entry: ActorProfile = { name: 'The mayor', kind: 'person', aliases: [], affiliations: [] };
    const amended = { ...entry, aliases: ['Mayor'] };
    const given = (events: ReturnType<ReturnType<typeof registerActor>>) => events as ActorEvent[];
    const registering = given(registerActor(entry)(noActor));
    expect(redecideActor(registering)!(noActor)).toEqual(registering);
    const amending = given(amendActor(amended)(entry));
    expect(redecideActor(amending)!(entry)).toEqual(amending);
    expect(redecideActor(amending)!(noActor)).toMatchObject({ refused: 'unknown-actor-id' });
  });
});

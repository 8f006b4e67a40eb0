import { describe, test } from '@jest/globals';
import { at, givenFor, ofActor, opened, recorded } from '../given.fixture.js';
import { actors } from './projection.js';

const given = givenFor(actors);
const harbour = { name: 'Harbour', kind: 'organisation' as const, aliases: ['The Port'], affiliations: ['norway'] };
const registered = { type: 'ActorRegistered', data: harbour } as const;

describe('the registry of actors', () => {
  test('a registered actor gets a row, with null for each field that was left out', () => {
    given(ofActor('harbour', registered)).then({
      actor: [{ actor: 'harbour', ...harbour, description: null, wikidata: null, iso3166: null, position: 1 }],
    });
  });

  test('an amendment replaces the whole row, and fields that it leaves out become null', () => {
    const described = { ...harbour, description: 'Where ships rest.', wikidata: 'Q1', iso3166: 'NO' };
    given(
      ofActor('harbour', { type: 'ActorRegistered', data: described }),
      ofActor('mayor', registered),
      ofActor('harbour', { type: 'ActorAmended', data: { ...harbour, aliases: [] } }),
    ).then({
      actor: [
        { actor: 'harbour', aliases: [], description: null, wikidata: null, iso3166: null, position: 3 },
        { actor: 'mayor', aliases: ['The Port'], position: 2 },
      ],
    });
  });

  test('each change of an entry gets a row that says whether the name is another one', () => {
    given(
      ofActor('harbour', registered),
      ofActor('harbour', { type: 'ActorAmended', data: { ...harbour, aliases: [] } }),
      ofActor('harbour', { type: 'ActorAmended', data: { ...harbour, name: 'The harbour' } }),
    ).then({
      actor_change: [
        { actor: 'harbour', position: 1, recorded: at(1), renamed: true },
        { actor: 'harbour', position: 2, recorded: at(2), renamed: false },
        { actor: 'harbour', position: 3, recorded: at(3), renamed: true },
      ],
    });
  });

  test('events of stories make no entries', () => given(opened(), recorded('a'), registered).then({ actor: [] }));
});

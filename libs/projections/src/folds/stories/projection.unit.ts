import { describe, test } from '@jest/globals';
import {
  at,
  corrected,
  givenStory as given,
  ofActor,
  onCondition,
  opened,
  recorded,
  retracted,
  said,
  takenDown,
  withForgottenPayload,
} from '../given.fixture.js';

const pinned = (development: string) => ({ type: 'DevelopmentPinned', data: { development } }) as const;
const unpinned = (development: string) => ({ type: 'DevelopmentUnpinned', data: { development } }) as const;
const hanging = (development: string, id: string, text: string) =>
  recorded(development, said('So.', onCondition(id, text)));
const untouched = { fate: null, reason: null, development: null, position: null };

describe('the list of stories', () => {
  test('an opened story gets a row without developments', () => {
    given(opened({ summary: 'Wind.', language: 'nb' })).then({
      story: 'storm',
      title: 'The storm',
      summary: 'Wind.',
      zone: 'Europe/Oslo',
      language: 'nb',
      status: 'open',
      opened: at(1),
      closed: null,
      developments: 0,
      position: 1,
      recorded: at(1),
      pinned: null,
      conditions: {},
    });
  });

  test('fields that were left out at the opening are null', () =>
    given(opened()).then({ summary: null, language: null }));

  test('events of actors and of a story that was not opened are ignored', () => {
    const profile = { name: 'Mayor', kind: 'person' as const, aliases: [], affiliations: [] };
    given(ofActor('mayor', { type: 'ActorRegistered', data: profile }), recorded('a')).then(undefined);
  });

  test('a closed story has the time of closing until it is reopened, and keeps the time of opening', () => {
    const closing = { type: 'StoryClosed', data: {} } as const;
    given(opened(), closing).then({ status: 'closed', opened: at(1), closed: at(2), position: 2, recorded: at(2) });
    given(opened(), closing, { type: 'StoryReopened', data: {} }).then({
      status: 'open',
      opened: at(1),
      closed: null,
      position: 3,
      recorded: at(3),
    });
  });

  test('the count has the recorded developments without retracted ones; corrections do not count', () => {
    const successor = { type: 'DevelopmentSuperseded', data: { development: 'b', by: 'c' } } as const;
    const reinstated = { type: 'DevelopmentReinstated', data: { development: 'b', retracted: 'c' } } as const;
    given(opened(), recorded('a'), recorded('b'), corrected('a', said('No.')), [recorded('c'), successor]).then({
      developments: 3,
      position: 5,
    });
    given(opened(), recorded('b'), [recorded('c'), successor], [retracted('c'), reinstated]).then({ developments: 1 });
  });

  test.each([
    { type: 'DevelopmentVerified', data: { development: 'a', told: { note: 'Seen.' } } },
    { type: 'DevelopmentDisputed', data: { development: 'a', told: { reason: 'Seen otherwise.' } } },
    { type: 'DevelopmentMarkedKey', data: { development: 'a' } },
    { type: 'DevelopmentUnmarkedKey', data: { development: 'a' } },
  ] as const)("$type moves the story's position and changes nothing else", event => {
    given(opened(), recorded('a'), event).then({
      status: 'open',
      developments: 1,
      pinned: null,
      conditions: {},
      position: 3,
      recorded: at(3),
    });
  });

  test('a story has one pinned development, until it is unpinned or retracted', () => {
    given(opened(), recorded('a'), pinned('a')).then({ pinned: 'a' });
    given(opened(), recorded('a'), recorded('b'), pinned('a'), [unpinned('a'), pinned('b')]).then({ pinned: 'b' });
    given(opened(), recorded('a'), pinned('a'), unpinned('a')).then({ pinned: null });
    given(opened(), recorded('a'), pinned('a'), retracted('a')).then({ pinned: null });
    given(opened(), recorded('a'), recorded('b'), pinned('a'), unpinned('b'), retracted('b')).then({ pinned: 'a' });
  });

  test('a takedown lowers the count, removes the pin, and leaves a condition only its id as text', () => {
    const hung = withForgottenPayload(hanging('b', 'sea-calms', 'the sea calms'));
    given(opened(), recorded('a'), hung, pinned('b'), takenDown('b')).then({
      developments: 1,
      shredded: 1,
      pinned: null,
      conditions: { 'sea-calms': { text: 'sea calms', ...untouched } },
    });
    given(opened(), recorded('a'), withForgottenPayload(recorded('b')), pinned('a'), takenDown('b')).then({
      pinned: 'a',
    });
    given(opened(), withForgottenPayload(recorded('b')), withForgottenPayload(retracted('b')), takenDown('b')).then({
      developments: 0,
      shredded: 1,
    });
  });

  test('a condition is listed from its first mention on, with its latest text', () => {
    given(opened(), hanging('a', 'calm', 'it calms'), hanging('b', 'calm', 'the sea calms')).then({
      conditions: { calm: { text: 'the sea calms', ...untouched } },
    });
    given(opened(), recorded('a'), corrected('a', said('So.', onCondition('rain', 'it rains')))).then({
      conditions: { rain: { text: 'it rains', ...untouched } },
    });
  });

  test('a settled condition has its outcome, reason, development and commit; a later mention changes only its text', () => {
    const data = { condition: 'calm', fate: 'met', reason: 'Flat.', development: 'b' } as const;
    const settled = { type: 'ConditionSettled', data } as const;
    const fate = { fate: 'met', reason: 'Flat.', development: 'b', position: 4 } as const;
    given(opened(), hanging('a', 'calm', 'it calms'), recorded('b'), settled, hanging('c', 'calm', 'it is calm')).then({
      conditions: { calm: { text: 'it is calm', ...fate } },
    });
  });

  test('a condition may be settled without a development, and settling an unknown one is ignored', () => {
    const settled = (condition: string) =>
      ({ type: 'ConditionSettled', data: { condition, fate: 'lapsed', reason: 'Late.' } }) as const;
    const fate = { fate: 'lapsed', reason: 'Late.', development: null, position: 3 } as const;
    given(opened(), hanging('a', 'calm', 'it calms'), [settled('calm'), settled('storm')]).then({
      conditions: { calm: { text: 'it calms', ...fate } },
    });
  });

  test('a condition with the id of an inherited property, such as constructor, works like any other', () => {
    const settled = {
      type: 'ConditionSettled',
      data: { condition: 'constructor', fate: 'met', reason: 'Built.' },
    } as const;
    given(opened(), settled).then({ conditions: {} });
    given(opened(), hanging('a', 'constructor', 'one is found')).then({
      conditions: { constructor: { text: 'one is found', ...untouched } },
    });
  });
});

import { describe, test } from '@jest/globals';
import { at, by, givenFor, ofActor, opened, recorded, retracted } from '../given.fixture.js';
import { commits } from './projection.js';

const given = givenFor(commits);
const profile = { name: 'Mayor', kind: 'person' as const, aliases: [], affiliations: [] };
const registered = { type: 'ActorRegistered', data: profile } as const;
const logOpened = { type: 'LogOpened', data: { name: 'test' } } as const;

describe('the commits', () => {
  test('each commit gets a row with its position, author and kind', () => {
    const pair = [recorded('b'), retracted('a')];
    given(opened(), recorded('a'), pair).then({
      commit: [
        { position: 1, kind: null },
        { position: 2, kind: 'statement' },
        {
          position: 3,
          id: '3',
          stream: 'story:storm',
          seq: 3,
          parent: '2',
          recorded: at(3),
          command: 'command-2',
          by,
          kind: 'statement',
        },
      ],
    });
  });

  test("a commit's kind is that of its first event, or none if that records no development", () =>
    given([retracted('a'), recorded('b')]).then({ commit: [{ kind: null }] }));

  test('commits of stories, of the registry and of the log itself are kept, and no others', () => {
    const streams = ['log', 'story:storm', 'actor:mayor', 'log of another', 'desk:1', ''];
    given(...streams.map(stream => ({ stream, events: [logOpened] }))).then({
      commit: [{ stream: 'log' }, { stream: 'story:storm' }, { stream: 'actor:mayor' }],
    });
    given(ofActor('mayor', registered)).then({ commit: [{ events: [registered], kind: null }] });
  });
});

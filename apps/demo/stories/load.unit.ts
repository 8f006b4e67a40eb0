import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { loadStory } from './load.js';

const folder = mkdtempSync(join(tmpdir(), 'story-'));
afterAll(() => rmSync(folder, { recursive: true }));

const content = {
  kind: 'statement',
  data: { speaker: 'Ada', quote: 'Yes.' },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
};

const given = (posts: object[], actors: object[] = [{ id: 'ada', name: 'Ada', kind: 'person' }]) => {
  writeFileSync(
    join(folder, 'story.yaml'),
    stringify({ story: { id: 'vote', title: 'A vote', zone: 'Europe/Oslo' }, posts }),
  );
  writeFileSync(join(folder, 'actors.yaml'), stringify(actors));
  const load = () => loadStory(folder);
  return {
    then: (posts: object[]) => expect(load().posts).toEqual(posts),
    thenThrows: (message: RegExp) => expect(load).toThrow(message),
  };
};

/** Nobody is named where the file names no writer. */
const unsigned = { ...content, byline: [] };

describe('a story’s folder', () => {
  test('each post becomes a command, with the content apart from its other fields', () =>
    given([
      { fact: 'A', record: content },
      { fact: 'B', record: { ...content, supersedes: 'A', key: true } },
      { fact: 'C', correct: { development: 'B', content, wrong: 'w', reason: 'r' } },
      { fact: 'D', settle: { condition: 'calm', fate: 'met', reason: 'r' } },
      { fact: 'E', record: { ...content, embargo: true } },
      { fact: 'F', lift: { development: 'E' } },
      { fact: 'G', link: { development: 'E', to: 'A', as: 'answers' } },
    ]).then([
      { fact: 'A', record: { content: unsigned } },
      { fact: 'B', record: { content: unsigned, supersedes: 'A', key: true } },
      { fact: 'C', correct: { development: 'B', content: unsigned, wrong: 'w', reason: 'r' } },
      { fact: 'D', settle: { condition: 'calm', fate: 'met', reason: 'r' } },
      { fact: 'E', record: { content: unsigned, embargo: true } },
      { fact: 'F', lift: { development: 'E' } },
      { fact: 'G', link: { development: 'E', to: 'A', as: 'answers' } },
    ]));

  test('actors have the form of the registry', () => {
    given([{ fact: 'A', record: content }]);
    expect(loadStory(folder).actors).toEqual([
      { id: 'ada', profile: { name: 'Ada', kind: 'person', aliases: [], affiliations: [] } },
    ]);
  });

  test('a mistake is refused with the file and the field', () => {
    const link = { fact: 'B', link: { development: 'A', to: 'C', as: 'answers' } };
    given([{ fact: 'A', record: content }, link]).thenThrows(
      /must be the label of an earlier development\n.*posts\[1\]\.link\.to/,
    );
    const quote = { ...content, data: { speaker: 'Ada', quote: '' } };
    given([{ fact: 'A', record: quote }]).thenThrows(
      /story\.yaml .*\n.*must not be empty\n.*posts\[0\]\.record\.data\.quote/,
    );
    given([{ fact: 'A', record: content }], [{ id: 'ada', name: 'Ada', kind: 'ghost' }]).thenThrows(
      /actors\.yaml .*\n.*\n.*\[0\]\.profile\.kind/,
    );
  });

  test.each([
    [
      'one label twice',
      [
        { fact: 'A', record: content },
        { fact: 'A', record: content },
      ],
      /a label that no other post has/,
    ],
    ['no command', [{ fact: 'A' }], /one command/],
    [
      'two commands',
      [
        { fact: 'A', record: content },
        { fact: 'B', record: content, pin: { development: 'A' } },
      ],
      /one command/,
    ],
    [
      'a reference to a later development',
      [
        { fact: 'B', pin: { development: 'A' } },
        { fact: 'A', record: content },
      ],
      /earlier development/,
    ],
    [
      'a reference to a post that records nothing',
      [
        { fact: 'A', record: content },
        { fact: 'B', pin: { development: 'A' } },
        { fact: 'C', pin: { development: 'B' } },
      ],
      /earlier development/,
    ],
    [
      'a supersession of an unknown development',
      [{ fact: 'A', record: { ...content, supersedes: 'Z' } }],
      /record\.supersedes/,
    ],
  ])('a story with %s is refused', (_, posts, message) => given(posts).thenThrows(message));
});

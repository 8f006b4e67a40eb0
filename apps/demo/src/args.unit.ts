import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readArguments, usage } from './args.js';

const story = ['--story', 'a/folder'];

describe('the command line', () => {
  test('plays the story named, stays up and keeps its data where nothing else is asked', () =>
    expect(readArguments(story)).toEqual({
      run: { story: 'a/folder', once: false, fresh: false, port: 4800, open: false, restore: undefined },
    }));

  test('the story named last is played, so that one can be given after npm’s own', () =>
    expect(readArguments([...story, '--once', '--story', 'another'])).toEqual({
      run: { story: 'another', once: true, fresh: false, port: 4800, open: false, restore: undefined },
    }));

  test('puts a bundle in the story’s place, and says who signed it and which keys are lost', () => {
    const restore = { bundle: '../backup', key: 'me', lostKeys: 'lost.txt' };
    const typed = ['--fresh', '--restore', '../backup', '--key', 'me', '--lost-keys', 'lost.txt'];
    expect(readArguments([...story, ...typed])).toMatchObject({ run: { fresh: true, restore } });
  });

  test('takes the last port after which there are two more', () =>
    expect(readArguments([...story, '--port', '65533'])).toMatchObject({ run: { port: 65_533 } }));

  test('asked for help, says what there is, and knows no story by name', () => {
    expect(readArguments(['-h', ...story])).toEqual({ help: usage });
    expect(usage).not.toMatch(/stories\//);
  });

  test.each([
    ['an option that there is not', ['--onec'], /--onec/],
    ['a word that belongs to no option', ['once'], /once/],
    ['a story without its folder', ['--story'], /--story/],
    ['a port that is no number', [...story, '--port', 'x'], /--port needs a number from 1 to 65533/],
    ['a port after which there are no two more', [...story, '--port', '65534'], /--port needs a number/],
    ['a bundle that is not named', [...story, '--restore', ''], /need --restore BUNDLE/],
    ['a key of no bundle', [...story, '--key', 'me'], /need --restore BUNDLE/],
    ['no story', [], /--story needs the folder/],
    ['to delete what throw-away data does not touch', [...story, '--once', '--fresh'], /Leave out --fresh/],
  ])('is refused with %s, and told what is allowed', (_what, typed, why) => {
    const asked = readArguments(typed);
    expect(asked).toEqual({ wrong: expect.stringMatching(why) });
    expect(asked).toEqual({ wrong: expect.stringContaining(usage) });
  });

  test('has an answer to whatever is typed', () =>
    fc.assert(fc.property(fc.array(fc.string()), typed => expect(Object.keys(readArguments(typed))).toHaveLength(1))));
});

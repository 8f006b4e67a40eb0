import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readArguments, usage } from './args.js';

const story = ['--story', 'a/folder'];

describe('the demo’s command line', () => {
  test('by default the demo plays the story, stays up and keeps its data', () =>
    expect(readArguments(story)).toEqual({
      run: { story: 'a/folder', once: false, fresh: false, port: 4800, open: false, restore: undefined },
    }));

  test('of several --story options the last one is used, so that npm’s own can be replaced', () =>
    expect(readArguments([...story, '--once', '--story', 'another'])).toEqual({
      run: { story: 'another', once: true, fresh: false, port: 4800, open: false, restore: undefined },
    }));

  test('--restore names the bundle, --key its signer, --lost-keys and --lost-files what is lost', () => {
    const restore = { bundle: '../backup', key: 'me', lostKeys: 'lost.txt', lostFiles: 'gone.txt' };
    const typed = [
      '--fresh',
      '--restore',
      '../backup',
      '--key',
      'me',
      '--lost-keys',
      'lost.txt',
      '--lost-files',
      'gone.txt',
    ];
    expect(readArguments([...story, ...typed])).toMatchObject({ run: { fresh: true, restore } });
  });

  test('the highest port accepted is 65532, because the next three ports are used too', () =>
    expect(readArguments([...story, '--port', '65532'])).toMatchObject({ run: { port: 65_532 } }));

  test('-h prints the usage, which names no story', () => {
    expect(readArguments(['-h', ...story])).toEqual({ help: usage });
    expect(usage).not.toMatch(/stories\//);
  });

  test.each([
    ['an unknown option', ['--onec'], /--onec/],
    ['a word without an option', ['once'], /once/],
    ['a story without its folder', ['--story'], /--story/],
    ['a port that is not a number', [...story, '--port', 'x'], /--port needs a number from 1 to 65532/],
    ['a port above 65532', [...story, '--port', '65533'], /--port needs a number/],
    ['an empty name of a bundle', [...story, '--restore', ''], /need --restore BUNDLE/],
    ['a key without a bundle', [...story, '--key', 'me'], /need --restore BUNDLE/],
    ['lost files without a bundle', [...story, '--lost-files', 'gone.txt'], /need --restore BUNDLE/],
    ['no story', [], /--story needs the folder/],
    ['--fresh together with --once', [...story, '--once', '--fresh'], /Leave out --fresh/],
  ])('%s is refused with the usage', (_what, typed, why) => {
    const asked = readArguments(typed);
    expect(asked).toEqual({ wrong: expect.stringMatching(why) });
    expect(asked).toEqual({ wrong: expect.stringContaining(usage) });
  });

  test('any arguments give one of run, help and wrong', () =>
    fc.assert(fc.property(fc.array(fc.string()), typed => expect(Object.keys(readArguments(typed))).toHaveLength(1))));
});

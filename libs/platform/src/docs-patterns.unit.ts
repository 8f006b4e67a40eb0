import { expect, test } from '@jest/globals';
import { portable } from './docs-patterns.js';

test('a pattern means the same without Unicode properties, to every character of the first plane', () => {
  for (const source of ['[^\\s\\p{Z}\\p{Cc}\\p{Cf}]', '^[\\p{Lu}_]$']) {
    const [own, told] = [new RegExp(source, 'u'), new RegExp(portable(source))];
    expect(portable(source)).not.toContain('\\p');
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (character.isWellFormed() && own.test(character) !== told.test(character))
        throw new Error(`${source} differs at ${code.toString(16)}`);
    }
  }
});

test('a pattern without them stays as it is', () => expect(portable('^[a-z]{2}\\d$')).toBe('^[a-z]{2}\\d$'));

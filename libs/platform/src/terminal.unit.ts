import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logTo } from './logging.js';
import { complain, print, printable, printableJson } from './terminal.js';
import { anyText } from '../../../test/harness/any-text.js';

const escape = '\u001b';
/** Characters that must never be printed, except the line feed that ends a line. */
const steers = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const anything = fc.oneof(
  anyText(),
  fc
    .array(
      fc.constantFrom(
        escape,
        '[2J',
        '[8m',
        '\u009b',
        '\u007f',
        '\n',
        '\r',
        '\u202e',
        '\ud800',
        '\ufeff',
        '\u{e0041}',
        'x',
      ),
    )
    .map(parts => parts.join('')),
);
/** The text that `run` writes. */
function written(run: (out: { write(text: string): boolean }) => void): string {
  let text = '';
  run({ write: more => ((text += more), true) });
  return text;
}

describe('printing to a terminal', () => {
  test('no printed text contains a control character, and each text stays one line', () => {
    fc.assert(
      fc.property(anything, fc.array(anything), (one, more) => {
        expect(printable(one)).not.toMatch(steers);
        const lines = written(out => print([one, ...more], out)).split('\n');
        expect(lines).toHaveLength(more.length + 2);
        expect(lines.join('').replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).not.toMatch(steers);
        const machine = printableJson({ one, more });
        expect(machine).not.toMatch(steers);
        expect(JSON.parse(machine)).toEqual({ one, more });
      }),
    );
  });

  test('control characters are shown as escapes, and words and emoji are unchanged', () => {
    expect(printable(`a${escape}[2J\u009bb\tc\nd\u202e`)).toBe('a\\u001b[2J\\u009bb c d\\u202e');
    expect(printable('\u{e0041}\ud83d')).toBe('\\udb40\\udc41\\ud83d');
    for (const text of ['Zoë', '👩‍👩‍👧', 'می‌خواهم', 'عربي']) expect(printable(text)).toBe(text);
  });

  test('codes for bold text are printed; codes that hide, move or erase text are escaped', () => {
    const bold = `${escape}[1mbold${escape}[22m`;
    expect(written(out => print(`${bold}${escape}[8m${escape}[2J${escape}[H`, out))).toBe(
      `${bold}\\u001b[8m\\u001b[2J\\u001b[H\n`,
    );
  });

  test('the further lines of an error message are indented, so that they do not look like our own lines', () => {
    expect(written(out => complain('It is wrong: x\nWHOLE: every commit is there', out))).toBe(
      'It is wrong: x\n  WHOLE: every commit is there\n',
    );
    expect(written(out => complain(['a\nb', 'c'], out))).toBe('a b\nc\n');
  });

  test('log lines contain no control characters', () => {
    const line = written(out => logTo('app', 'info', out as never).info({ said: '\u009b2J\u202e\u007f\n' }, 'x\u0085'));
    expect(line.slice(0, -1)).not.toMatch(steers);
    expect(JSON.parse(line)).toMatchObject({ said: '\u009b2J\u202e\u007f\n', msg: 'x\u0085' });
  });
});

/**
 * What steers a terminal, or sets text in another order than it is stored: control characters, marks of direction, what has no
 * width, ends of lines of other kinds, halves of characters. Joiners stay, as words and emoji need them.
 */
const steering =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const blank = /[\t\n\v\f\r\u0085\u2028\u2029]/u;
const hex = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
const escaped = (character: string) => Array.from(character.split(''), half => hex(half.charCodeAt(0))).join('');

/** Text that cannot steer the terminal or the log that it is printed on: ends of lines are blanks, and the rest is shown as `\u001b`. */
export const printable = (text: string): string =>
  text.replace(steering, character => (blank.test(character) ? ' ' : escaped(character)));

/** One line of JSON that means the same and steers nothing. */
export const escapedJson = (json: string): string => json.replace(steering, escaped);
export const printableJson = (value: unknown): string => escapedJson(JSON.stringify(value));

/** Colours and weights, the only codes that our own lines have; none hides text or moves it. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[(?:0|1|2|9|22|29|3[1-6]|39)m`, 'gu');

/** A line of our own with its colours; all else in it is printable. */
export function printableLine(line: string): string {
  const colours = line.match(colour) ?? [];
  return line
    .split(colour)
    .map((text, i) => printable(text) + (colours[i] ?? ''))
    .join('');
}

type Out = Pick<NodeJS.WriteStream, 'write'>;

/** Prints lines. All that a person or a machine is shown goes through here, or through `complain`. */
export function print(lines: string | readonly string[], out: Out = process.stdout): void {
  for (const line of typeof lines === 'string' ? [lines] : lines) out.write(`${printableLine(line)}\n`);
}

/**
 * Prints what is wrong, or comes about: lines, or a message of several, of which all but the first are indented, so that
 * what it quotes cannot pass for a line of ours.
 */
export function complain(said: string | readonly string[], out: Out = process.stderr): void {
  const lines = typeof said === 'string' ? said.split('\n').map((line, i) => (i && line ? `  ${line}` : line)) : said;
  print(lines, out);
}

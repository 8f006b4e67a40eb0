/**
 * Characters that control a terminal or reorder text: control characters, direction marks, zero-width characters, unusual line ends,
 * lone surrogates. Joiners are kept, as words and emoji need them.
 */
const steering =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const blank = /[\t\n\v\f\r\u0085\u2028\u2029]/u;
const hex = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;
const escaped = (character: string) => Array.from(character.split(''), half => hex(half.charCodeAt(0))).join('');

/** Makes text safe to print on a terminal or in a log: line ends become blanks, other unsafe characters are shown as `\u001b`. */
export const printable = (text: string): string =>
  text.replace(steering, character => (blank.test(character) ? ' ' : escaped(character)));

/** Escapes unsafe characters in a line of JSON without changing its meaning. */
export const escapedJson = (json: string): string => json.replace(steering, escaped);
/** A value as one line of JSON that is safe to print. */
export const printableJson = (value: unknown): string => escapedJson(JSON.stringify(value));

/** Colours and weights, the only codes that our own lines use; none hides or moves text. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[(?:0|1|2|9|22|29|3[1-6]|39)m`, 'gu');

/** Makes one of our lines safe to print, and keeps its colours. */
export function printableLine(line: string): string {
  const colours = line.match(colour) ?? [];
  return line
    .split(colour)
    .map((text, i) => printable(text) + (colours[i] ?? ''))
    .join('');
}

type Out = Pick<NodeJS.WriteStream, 'write'>;

/** Prints lines. All output for people and machines goes through this function or `complain`. */
export function print(lines: string | readonly string[], out: Out = process.stdout): void {
  for (const line of typeof lines === 'string' ? [lines] : lines) out.write(`${printableLine(line)}\n`);
}

/**
 * Prints an error or a notice: lines, or one message of several lines. All lines after the first are indented, so that quoted text
 * cannot look like one of our lines.
 */
export function complain(said: string | readonly string[], out: Out = process.stderr): void {
  const lines = typeof said === 'string' ? said.split('\n').map((line, i) => (i && line ? `  ${line}` : line)) : said;
  print(lines, out);
}

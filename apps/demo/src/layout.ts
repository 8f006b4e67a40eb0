import { printable } from '#platform';

/** Wraps the text to lines of at most `width` characters, at blanks where possible. Returns at least one line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text)
    .split(' ')
    .filter(Boolean)
    .flatMap(long => pieces(long, width))) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line ? ` ${word}` : word;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const characters = [...word];
  if (word.length <= width) return [word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(''),
  );
}

/** One line of at most `width` characters. A cut text ends with an ellipsis. */
export function cut(text: string, width: number): string {
  const characters = [...printable(text)];
  return characters.length <= width
    ? characters.join('')
    : `${characters
        .slice(0, width - 1)
        .join('')
        .trimEnd()}…`;
}

/** The number of columns to print in: the terminal's if it has from 80 to 120. */
export const columns = (terminal: number | undefined): number => Math.min(120, Math.max(80, terminal ?? 100));

import type { Manifest } from '#bundle';
import { VisibilityEntry } from '#projections';
import { LineTooLong, linesOf } from '../files.js';
import type { Faults } from './faults.js';
import { readLine } from './read-line.js';

const file = 'visibility.jsonl';
/** Maximum number of characters quoted from a line. */
const longestQuote = 200;

/** Checks that positions and times of the visibility log only increase, and end by the log's end. Resolves to its lines. */
export async function checkVisibilityLog(folder: string, { tree }: Manifest, faults: Faults): Promise<number> {
  let [line, before] = [0, { last: 0, at: '' }];
  try {
    for await (const text of linesOf(folder, file)) {
      line++;
      const entry = readLine(VisibilityEntry, text);
      if (!entry) faults.add('unreadable-line', file, '', { line });
      else if (entry.first <= before.last || entry.last < entry.first || entry.at < before.at || entry.last > tree.size)
        faults.add('wrong-entry', file, text.slice(0, longestQuote), { line, position: entry.first });
      before = entry ?? before;
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    faults.add('unreadable-line', file, error.message, { line: line + 1 });
  }
  return line;
}

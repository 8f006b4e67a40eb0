import { IndexLine, LineTooLong, MerkleTree, rootByPath, type Manifest } from '#bundle';
import { VisibilityEntry } from '#projections';
import type { z } from 'zod';
import { linesOf } from '../files.js';
import type { Faults } from './faults.js';

/** Parses a line of JSON; undefined if it does not match the schema. */
export function readLine<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The expected content of a line of commits.jsonl. */
export type Due = Omit<IndexLine, 'path'> & { readonly line: number };

/** The expected lines of commits.jsonl: in order, by position and by commit id. */
export interface Expected {
  readonly lines: readonly Due[];
  readonly at: ReadonlyMap<number, Due>;
  readonly of: ReadonlyMap<string, Due>;
}

const file = 'index.jsonl';

/** Reads the index and checks that it is the signed one and leads to the signed root. Undefined if it cannot be read. */
export async function readIndex(
  folder: string,
  { tree, scope }: Manifest,
  faults: Faults,
): Promise<Expected | undefined> {
  const lines: Due[] = [];
  const whole = new MerkleTree();
  for await (const text of linesOf(folder, file)) {
    const read = readLine(IndexLine, text);
    if (!read) {
      faults.add('unreadable-line', file, '', { line: lines.length + 1 });
      return undefined;
    }
    const { path, ...entry } = read;
    lines.push({ ...entry, line: lines.length + 1 });
    const { position, stream, seq } = entry;
    checkOrder(lines, faults);
    const leaf = Buffer.from(entry.leaf, 'hex');
    whole.append(leaf);
    const leads = position <= tree.size && rootByPath(leaf, position - 1, tree.size, path ?? []) === tree.root;
    if ('story' in scope && !leads) faults.add('wrong-path', file, '', { line: lines.length, position, stream, seq });
  }
  if ('all' in scope && (whole.size !== tree.size || whole.root() !== tree.root))
    faults.add(
      'wrong-root',
      file,
      `The signed root is ${tree.root} of ${tree.size} commits; it is ${whole.root()} of ${whole.size}.`,
    );
  return {
    lines,
    at: new Map(lines.map(due => [due.position, due])),
    of: new Map(lines.map(due => [due.id, due])),
  };
}

/** Checks that the position of the last line is beyond the one before it. */
function checkOrder(lines: readonly Due[], faults: Faults): void {
  const [before, last] = lines.slice(-2);
  if (!before || !last || last.position > before.position) return;
  const { line, position, stream, seq } = last;
  const detail = `Position ${position} comes after position ${before.position}.`;
  faults.add('wrong-index', file, detail, { line, position, stream, seq });
}

const visibilityFile = 'visibility.jsonl';
/** Maximum number of characters quoted from a line. */
const longestQuote = 200;

/** Checks that positions and times of the visibility log only increase, and end by the log's end. Resolves to its lines. */
export async function checkVisibilityLog(folder: string, { tree }: Manifest, faults: Faults): Promise<number> {
  let [line, before] = [0, { last: 0, at: '' }];
  try {
    for await (const text of linesOf(folder, visibilityFile)) {
      line++;
      const entry = readLine(VisibilityEntry, text);
      if (!entry) faults.add('unreadable-line', visibilityFile, '', { line });
      else if (entry.first <= before.last || entry.at < before.at || entry.last > tree.size)
        faults.add('wrong-entry', visibilityFile, text.slice(0, longestQuote), { line, position: entry.first });
      before = entry ?? before;
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    faults.add('unreadable-line', visibilityFile, error.message, { line: line + 1 });
  }
  return line;
}

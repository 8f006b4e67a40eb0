import { filesNamedIn } from '#domain';
import { Map as Dictionary } from 'immutable';

/** The commit that names files. */
export interface NamedBy {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
}

/** A sealed file that a log names: the SHA-256 of its bytes, and the first commit that names it. */
export interface NamedFile extends NamedBy {
  readonly name: string;
  readonly development: string;
}

const nameBytes = 32;

/** The files that one commit is the first to name for a development. */
interface NamedAt extends NamedBy {
  /** The names, 32 bytes each: a log names millions, and text would take three times the memory. */
  readonly names: Buffer;
}

/** The files that a log names, by development. Later versions of a development add to the earlier ones, which readers of the past see. */
export type FilesNamed = Dictionary<string, readonly NamedAt[]>;

/** The files that no commit names. */
export const noneNamed: FilesNamed = Dictionary();

/** Maximum number of files that one command looks at, which is about the maximum size of a Set. */
export const mostFilesNamed = 16_000_000;

/** The files after one more commit. Pure. */
export function namedAfter(before: FilesNamed, { stream, seq, position }: NamedBy, events: readonly unknown[]) {
  let named = before;
  for (const { development, files } of filesNamedIn(events)) {
    const known = named.get(development) ?? [];
    const held = new Set(known.flatMap(({ names }) => [...hexIn(names)]));
    const fresh = files.filter(name => !held.has(name));
    if (fresh.length === 0) continue;
    const names = Buffer.from(fresh.join(''), 'hex');
    named = named.set(development, [...known, { stream, seq, position, names }]);
  }
  return named;
}

/**
 * Each file once, with the first commit of a development that names it. A file that only `excused` developments name is left out. Throws
 * if there are more than `most`.
 */
export function* filesNamed(
  named: FilesNamed,
  excused: ReadonlySet<string>,
  most = mostFilesNamed,
): Generator<NamedFile> {
  const seen = new Set<string>();
  for (const [development, commits] of named) {
    if (excused.has(development)) continue;
    for (const { names, ...by } of commits)
      for (const name of hexIn(names)) {
        // The tickets of one upload may show the picture in several developments.
        if (seen.has(name)) continue;
        if (seen.size === most)
          throw new Error(`The log names more than ${most} files, the most that this can handle.`);
        seen.add(name);
        yield { name, development, ...by };
      }
  }
}

/** How many files these are; those that several developments name count several times. */
export const countNamed = (named: FilesNamed): number =>
  [...named.values()].flat().reduce((sum, { names }) => sum + names.length / nameBytes, 0);

function* hexIn(names: Buffer): Generator<string> {
  for (let at = 0; at < names.length; at += nameBytes) yield names.toString('hex', at, at + nameBytes);
}

import { BlobLine, LineTooLong, type Manifest } from '#bundle';
import type { BlobStore } from '#blobs';
import { join } from 'node:path';
import { faultOf } from '../../blobs/check.js';
import { countNamed, filesNamed, type NamedFile } from '../../blobs/named.js';
import { blobPath, blobsFile } from '../blobs.js';
import type { Contents } from '../contents.js';
import { linesOf, measure } from '../files.js';
import type { Faults } from './faults.js';
import { readLine } from './expected.js';

/** The sources of information on files that are not in the bundle. */
export interface BlobsKnown {
  /** Names of files that a person declares lost. */
  readonly lost?: ReadonlySet<string>;
  /** Undefined if no store is to be asked. */
  readonly store?: Pick<BlobStore, 'get' | 'stat'> | undefined;
  /** Whether a bundle that was made without its files is incomplete. */
  readonly areNeeded?: boolean;
}

/** Counts of a bundle's files of pictures. */
export interface BlobsFound {
  /** Whether the bundle was made with its files. */
  readonly isCarried: boolean;
  /** Number of files that the commits name, those of takedowns too. */
  readonly named: number;
  /** Number of files in the bundle, with the bytes that their names say. */
  readonly held: number;
  /** Number of files that only the blob store has. */
  readonly elsewhere: number;
  /** Number of files that are lost, and that nobody misses: a person declared them lost, or nobody can open them any more. */
  readonly gone: number;
  /** Paths of the files that the bundle lists. */
  readonly paths: ReadonlySet<string>;
}

interface Given {
  readonly manifest: Manifest;
  /** Undefined if the commits are not the signed ones, so that they do not say which files there must be. */
  readonly contents: Contents | undefined;
  /** Developments whose keys are gone. */
  readonly gone: ReadonlySet<string>;
  readonly known: BlobsKnown;
  readonly onFiles: (done: number, all: number) => void;
}

/**
 * Checks that the list has each file that the commits name, that each file has the bytes that its name says, and that each missing one is
 * in the store or known to be lost.
 */
export async function checkBlobs(folder: string, it: Given, faults: Faults, signal: AbortSignal): Promise<BlobsFound> {
  const { manifest, contents } = it;
  const named = contents ? countNamed(contents.files) : 0;
  const entry = manifest.files.find(({ name }) => name === blobsFile);
  const nothing = { isCarried: false, named, held: 0, elsewhere: 0, gone: 0, paths: new Set<string>() };
  if (!entry) {
    if (it.known.areNeeded) addLacking(it, faults);
    return nothing;
  }
  const checking = new Checking(folder, it, faults);
  try {
    for await (const text of linesOf(folder, blobsFile)) {
      signal.throwIfAborted();
      await checking.take(text, signal);
      it.onFiles(checking.line, entry.lines);
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    faults.add('unreadable-line', blobsFile, error.message, { line: checking.line + 1 });
  }
  checking.end();
  return { ...nothing, ...checking.found, isCarried: true };
}

function addLacking({ contents, gone, known }: Given, faults: Faults): void {
  if (!contents) return;
  const wanted = [...filesNamed(contents.files, new Set([...contents.takenDown, ...gone]))];
  const missing = wanted.filter(({ name }) => !known.lost?.has(name));
  if (missing.length === 0) return;
  faults.add('missing-blob', 'manifest.json', `The bundle was made without the ${missing.length} files of pictures.`);
}

class Checking {
  line = 0;
  readonly found = { held: 0, elsewhere: 0, gone: 0, paths: new Set<string>() };
  /** The files that the list must have and has not had yet. */
  private readonly due: Map<string, NamedFile> | undefined;
  /** Those of them that somebody can still open. */
  private readonly wanted: ReadonlySet<string>;
  private before = '';

  constructor(
    private readonly folder: string,
    private readonly it: Given,
    private readonly faults: Faults,
  ) {
    const { contents, gone } = it;
    const besides = (excused: Iterable<string>) => (contents ? filesNamed(contents.files, new Set(excused)) : []);
    const takenDown = contents?.takenDown ?? [];
    if (contents) this.due = new Map([...besides(takenDown)].map(file => [file.name, file]));
    this.wanted = new Set([...besides([...takenDown, ...gone])].map(({ name }) => name));
  }

  async take(text: string, signal: AbortSignal): Promise<void> {
    this.line++;
    const entry = readLine(BlobLine, text);
    if (!entry || entry.name <= this.before)
      return this.faults.add('unreadable-line', blobsFile, entry ? 'The names do not rise.' : '', { line: this.line });
    const { name } = entry;
    this.before = name;
    if ('bytes' in entry) this.found.paths.add(blobPath(name));
    const file = this.due?.get(name);
    if (this.due && !file) this.add('added-blob', name);
    this.due?.delete(name);
    const there = 'bytes' in entry ? await measure(join(this.folder, blobPath(name)), entry.bytes, signal) : undefined;
    if (!there) return this.absent(name, file);
    if (there.sha256 === name) this.found.held++;
    else this.add('altered-blob', name, file, blobPath(name));
  }

  /** The list must have all of them. */
  end(): void {
    for (const file of this.due?.values() ?? []) this.add('unlisted-blob', file.name, file);
  }

  private async absent(name: string, file: NamedFile | undefined): Promise<void> {
    const { lost, store } = this.it.known;
    if (store && (await faultOf(store, name)) === undefined) this.found.elsewhere++;
    else if (lost?.has(name) || !this.wanted.has(name)) this.found.gone++;
    else this.add('missing-blob', name, file, blobPath(name));
  }

  private add(
    code: 'added-blob' | 'altered-blob' | 'missing-blob' | 'unlisted-blob',
    name: string,
    by?: NamedFile,
    path = blobsFile,
  ): void {
    const { position = null, stream = null, seq = null } = by ?? {};
    const line = path === blobsFile && code !== 'unlisted-blob' ? this.line : null;
    this.faults.add(code, path, `The file ${name}.`, { line, position, stream, seq });
  }
}

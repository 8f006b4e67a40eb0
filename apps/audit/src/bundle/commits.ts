import {
  commitLine,
  indexLine,
  leafHash,
  MerkleTree,
  ProvingTree,
  rawLine,
  type FileEntry,
  type IndexLine,
  type Manifest,
} from '#bundle';
import { storyStream } from '#domain';
import type { LogReader, RawRecord } from '#event-log';
import { Contents } from './contents.js';
import { LinesFile } from './files.js';
import { inStory, rawFile, winnersOf, type Winner } from './winners.js';

/** The log to read, and the part of it. */
export interface ReadingLog {
  readonly topic: string;
  readonly reader: LogReader;
  readonly scope: Manifest['scope'];
  /** Called after every batch: records read, records in all, and the current step. */
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The result of reading a log's commits. */
export interface CommitsExported {
  readonly log: { readonly id: string; readonly name: string };
  /** The tree of the whole log, for any scope. */
  readonly tree: MerkleTree;
  /** The head of each stream in the bundle. */
  readonly heads: ReadonlyMap<string, { readonly id: string; readonly seq: number }>;
  /** The positions of a story's bundle; undefined for the whole log. */
  readonly positions: readonly number[] | undefined;
  /** Developments and strange commits in the bundle. */
  readonly contents: Contents;
  readonly files: readonly FileEntry[];
}

/** Writes commits.jsonl and index.jsonl. Rejects if the story is not in the log. */
export async function exportCommits(
  it: ReadingLog,
  draft: string,
  end: number,
  signal: AbortSignal,
): Promise<CommitsExported> {
  const story = 'story' in it.scope ? it.scope.story : undefined;
  const writing = await Writing.into(draft, story === undefined ? undefined : inStory(story));
  for await (const { winners, read } of winnersOf(it.reader, end, signal)) {
    for (const winner of winners) await writing.take(winner);
    it.onProgress(read, end, 'reading');
  }
  if (story !== undefined && !writing.heads.has(storyStream(story))) throw new Error(`No story has the id ${story}.`);
  return writing.done();
}

class Writing {
  readonly heads = new Map<string, { id: string; seq: number }>();
  private readonly tree = new MerkleTree();
  private readonly contents = new Contents();
  /** For a story's audit paths: every leaf of the log, and the lines that wait for their path. */
  private readonly leaves: Buffer[] = [];
  private readonly waiting: IndexLine[] = [];
  private log: CommitsExported['log'] | undefined;
  private raw: LinesFile | undefined;

  private constructor(
    private readonly draft: string,
    private readonly files: { readonly commits: LinesFile; readonly index: LinesFile },
    private readonly selects: ((stream: string) => boolean) | undefined,
  ) {}

  static async into(draft: string, selects: Writing['selects']): Promise<Writing> {
    const commits = await LinesFile.create(draft, 'commits.jsonl');
    return new Writing(draft, { commits, index: await LinesFile.create(draft, 'index.jsonl') }, selects);
  }

  async take(winner: Winner): Promise<void> {
    const { position, stream, id, seq, record } = winner;
    const { headers, value } = record;
    this.log ??= { id, name: headers.ce_source ?? '' };
    const line = commitLine({ position, headers, value });
    const leaf = leafHash(line);
    this.tree.append(leaf);
    if (this.selects) this.leaves.push(leaf);
    if (this.selects?.(stream) === false) return;
    await this.files.commits.write(line);
    if (record.raw) await this.writeRaw(record.raw, position);
    const entry = { id, leaf: leaf.toString('hex'), position, seq, stream };
    if (this.selects) this.waiting.push(entry);
    else await this.files.index.write(indexLine(entry));
    this.heads.set(stream, { id, seq });
    this.contents.take(record, winner);
  }

  /** Creates the file on demand: most bundles need none. */
  private async writeRaw(raw: RawRecord, position: number): Promise<void> {
    this.raw ??= await LinesFile.create(this.draft, rawFile);
    await this.raw.write(rawLine({ ...raw, position }));
  }

  async done(): Promise<CommitsExported> {
    if (!this.log) throw new Error('No commit has won in this log yet.');
    if (this.selects) {
      const proving = new ProvingTree(Buffer.concat(this.leaves));
      for (const entry of this.waiting)
        await this.files.index.write(indexLine({ ...entry, path: proving.path(entry.position - 1) }));
    }
    const { log, tree, heads, contents } = this;
    const files = [await this.files.commits.end(), await this.files.index.end()];
    if (this.raw) files.push(await this.raw.end());
    const positions = this.selects ? this.waiting.map(({ position }) => position) : undefined;
    return { log, tree, heads, positions, contents, files };
  }
}

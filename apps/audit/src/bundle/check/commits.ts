import {
  commitLine,
  leafHash,
  LineTooLong,
  MerkleTree,
  readCommitLine,
  type HeadWatch,
  type LoggedCommit,
  type Manifest,
  type RawCommit,
} from '#bundle';
import { arbitrate, commitId, emptyLog, type Arbitration, type Verdict } from '#event-log';
import { Contents } from '../contents.js';
import { linesOf } from '../files.js';
import { rawFile, readsAs } from '../winners.js';
import type { Due, Expected } from './expected.js';
import { mostFaultsPrinted, type BundleFault, type BundleFaultCode, type Faults } from './faults.js';

const file = 'commits.jsonl';

/** The inputs of `checkCommits`. */
export interface Walk {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Undefined if the index is not the signed one. */
  readonly expected: Expected | undefined;
  /** The commits whose lines do not reproduce all bytes of their records. */
  readonly raw: ReadonlyMap<number, RawCommit>;
  readonly watch: HeadWatch;
  readonly onLine: (done: number) => void;
}

/** The findings of a pass over the commits. */
export interface Walked {
  /** Whether every commit is the signed one, so that the claims about them can be compared. */
  readonly straight: boolean;
  readonly lines: number;
  readonly contents: Contents;
  readonly heads: Arbitration['heads'];
}

/** Checks every commit of a bundle. It trusts no other part of the bundle. */
export async function checkCommits(walk: Walk, faults: Faults, signal: AbortSignal): Promise<Walked> {
  const checking = new Checking(walk, faults);
  try {
    for await (const text of linesOf(walk.folder, file)) {
      signal.throwIfAborted();
      if (!checking.take(text)) return { ...checking.walked, straight: false };
      walk.onLine(checking.line);
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    faults.add('unreadable-line', file, error.message, { line: checking.line + 1 });
    return { ...checking.walked, straight: false };
  }
  checking.end();
  return checking.walked;
}

type At = Partial<Omit<BundleFault, 'code' | 'file' | 'detail'>>;

class Checking {
  line = 0;
  private arbitration: Arbitration = emptyLog;
  private readonly tree = new MerkleTree();
  /** The line of each position seen. */
  private readonly seen = new Map<number, number>();
  private furthest = 0;
  /** Whether every line so far was the expected one. Only then does the hash chain or the tree add information. */
  private straight = true;
  private readonly contents = new Contents();
  private rawSeen = 0;

  constructor(
    private readonly walk: Walk,
    private readonly faults: Faults,
  ) {}

  get walked(): Walked {
    const { straight, line: lines, contents, arbitration } = this;
    return { straight, lines, contents, heads: arbitration.heads };
  }

  /** False if checking further makes no sense. */
  take(text: string): boolean {
    const { manifest, expected } = this.walk;
    this.line++;
    if (this.line > (expected?.lines.length ?? manifest.counts.commits) + mostFaultsPrinted) {
      this.add('added-commit', { line: this.line }, 'This line and all later ones were not read.');
      return false;
    }
    const commit = readCommitLine(text);
    if (!commit) {
      const due = expected?.lines[this.line - 1];
      // A commit with a fault at its place is not reported as missing too.
      if (due) this.seen.set(due.position, this.line);
      this.add('unreadable-line', due ?? { line: this.line }, due ? `Position ${due.position} is expected here.` : '');
      return true;
    }
    const { position, headers } = commit;
    if (this.line === 1 && position === 1 && headers.ce_id !== manifest.log.id) {
      const detail = `The manifest names the log ${manifest.log.id}; these commits belong to ${headers.ce_id}.`;
      this.add('other-log', { line: 1, position }, detail);
      return false;
    }
    this.judge(commit, leafHash(text));
    return true;
  }

  end(): void {
    const { manifest, expected, watch } = this.walk;
    if (expected) this.missing(expected);
    else if (this.line < manifest.counts.commits)
      this.add(
        'missing-tail',
        { line: this.line + 1 },
        `The signed count is ${manifest.counts.commits} commits; the bundle has ${this.line}.`,
      );
    // No commit is out of its place without a fault: the checks of its content were skipped.
    if (!this.straight && this.faults.count === 0)
      this.faults.add('wrong-index', 'index.jsonl', 'Its lines are not in the order of the commits.');
    if (!this.straight) return;
    const { raw } = this.walk;
    if (this.rawSeen !== raw.size)
      this.faults.add('wrong-raw-record', rawFile, `${this.rawSeen} of ${raw.size} raw records match their commits.`);
    if ('all' in manifest.scope) {
      if (this.tree.root() !== manifest.tree.root)
        this.add('wrong-root', {}, `The signed root is ${manifest.tree.root}; it is ${this.tree.root()}.`);
    } else {
      watch.grown(manifest.log.id, { size: manifest.tree.size, root: () => manifest.tree.root });
    }
  }

  private judge(commit: LoggedCommit, leaf: Buffer): void {
    const { position, headers, value } = commit;
    const at = { line: this.line, position, stream: headers.ce_subject ?? null, seq: Number(headers.ce_seq) || null };
    const covered = commitId(headers, value);
    // The log itself may hold a commit whose id does not match its bytes. Signed in this state, it is unaltered.
    const asSigned = this.walk.expected?.at.get(position)?.leaf === leaf.toString('hex');
    if (covered === headers.ce_id || asSigned) this.place(commit, leaf, at);
    else this.add('altered-bytes', at, `The id is ${headers.ce_id}; the bytes give the id ${covered}.`);
    this.seen.set(position, this.line);
    this.furthest = Math.max(this.furthest, position);
  }

  /** Checks that a valid commit is at its signed place. */
  private place(commit: LoggedCommit, leaf: Buffer, at: At): void {
    const { expected, manifest } = this.walk;
    const { position, headers } = commit;
    const [due, earlier] = [expected?.at.get(position), this.seen.get(position)];
    if (expected ? !due : position > manifest.tree.size) this.add('added-commit', at, `The commit ${headers.ce_id}.`);
    else if (earlier !== undefined) this.add('repeated-commit', at, `Line ${earlier} holds it too.`);
    else if (due && due.leaf !== leaf.toString('hex')) this.addMoved(commit, expected!.of.get(headers.ce_id ?? ''), at);
    else if (position < this.furthest)
      this.add('swapped-order', at, `Position ${this.furthest} comes before position ${position}.`);
    else if (due && due.line !== this.line) this.straight = false;
    else this.follow(commit, leaf, at);
  }

  /** Handles a valid commit that is not the signed one of its place: it may be signed elsewhere. */
  private addMoved(commit: LoggedCommit, own: Due | undefined, at: At): void {
    const { headers, position } = commit;
    const moved = own && leafHash(commitLine({ ...commit, position: own.position })).toString('hex') === own.leaf;
    if (moved) this.add('swapped-order', at, `Its line gives position ${position}; it is ${own.position}.`);
    else this.add('rewritten-commit', at, `Its id is ${headers.ce_id}.`);
  }

  /** Checks that every commit wins again. */
  private follow(commit: LoggedCommit, leaf: Buffer, at: At): void {
    if (!this.straight) return;
    const { manifest, watch, expected } = this.walk;
    const { headers, position } = commit;
    const [next, verdict] = arbitrate(this.arbitration, headers);
    this.arbitration = next;
    if (!verdict.won) return this.add('broken-chain', at, `Its parent is ${headers.ce_parent}.`);
    const whole = 'all' in manifest.scope;
    if (whole && verdict.position !== position)
      return this.add('wrong-position', at, `Its line gives position ${position}; it is ${verdict.position}.`);
    this.compareIndex(verdict, expected?.at.get(position));
    this.contents.take(commit, verdict, position);
    const raw = this.walk.raw.get(position);
    if (raw && readsAs(raw, commit)) this.rawSeen++;
    this.tree.append(leaf);
    if (whole) watch.grown(manifest.log.id, this.tree);
  }

  /** The index is signed too, and each of its lines must follow from the commit. */
  private compareIndex(verdict: Verdict & { won: true }, due: Due | undefined): void {
    if (!due) return;
    const name = (['id', 'stream', 'seq'] as const).find(each => due[each] !== verdict[each]);
    if (!name) return;
    this.straight = false;
    const { line, position } = due;
    const { stream, seq } = verdict;
    const detail = `The index gives ${name} ${due[name]}; it is ${verdict[name]}.`;
    this.faults.add('wrong-index', 'index.jsonl', detail, { line, position, stream, seq });
  }

  private missing({ lines }: Expected): void {
    const tail = lines.slice(lines.findLastIndex(({ position }) => this.seen.has(position)) + 1);
    for (const due of lines.slice(0, lines.length - tail.length))
      if (!this.seen.has(due.position)) this.add('missing-commit', due, `The commit ${due.id}.`);
    const [first, last] = [tail[0], tail.at(-1)];
    if (!first || !last) return;
    const detail = `${tail.length} are missing, from position ${first.position} to ${last.position}.`;
    this.add('missing-tail', first, detail);
  }

  private add(code: BundleFaultCode, { line, position, stream, seq }: At, detail: string): void {
    this.straight = false;
    const at = { line: line ?? null, position: position ?? null, stream: stream ?? null, seq: seq ?? null };
    this.faults.add(code, file, detail, at);
  }
}

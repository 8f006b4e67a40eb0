/** Every way in which a bundle fails to be what was signed. The code is for ever. */
export const bundleFaults = {
  'bad-signature': 'manifest.jws is not signed by the key that it bears: it was altered or cut.',
  'foreign-key': 'The bundle was signed by another key than the one expected.',
  'altered-manifest': 'manifest.json is not what was signed.',
  'other-log': 'This is another log.',
  'wrong-claim': 'The manifest says what the bundle does not hold.',
  'missing-file': 'A file that was signed is not there.',
  'altered-file': 'A file is not the one that was signed.',
  'unreadable-line': 'This is no line of a bundle: it was altered, cut or written in another way.',
  'missing-tail': 'Commits are missing at the end.',
  'missing-commit': 'A commit was taken out.',
  'swapped-order': 'Commits stand in another order than in the log.',
  'repeated-commit': 'A commit stands there twice.',
  'added-commit': 'This commit is not of those that were signed.',
  'altered-bytes': 'The commit id does not cover these bytes: what was said, by whom or when was edited.',
  'rewritten-commit': 'The commit is sound by itself and not the one that was signed: it was written anew.',
  'broken-chain': 'The commit does not follow the one before it in its stream.',
  'wrong-position': 'The commit is said to have another position than the one at which it won.',
  'wrong-index': 'The index says of the commit what it is not.',
  'wrong-raw-record': 'The raw bytes of a record are not those of a commit of the bundle.',
  'wrong-root': 'The commits do not have the root that was signed.',
  'wrong-path': 'The audit path of the commit does not lead to the root that was signed.',
  'wrong-entry': 'The visibility log of what was visible when goes backwards.',
  'altered-key': 'The key of the development is not the one that was exported.',
  'added-key': 'This key was not exported.',
  'missing-key':
    'The key of a development is gone, and the log does not say that it was taken down: its words are lost with it.',
  'added-digest': 'The digests of keys name a development of which nothing is told, or that was taken down.',
  'missing-digest': 'The digests of keys leave out a development of which something is told.',
} as const;
export type BundleFaultCode = keyof typeof bundleFaults;

export interface BundleFault {
  readonly code: BundleFaultCode;
  readonly file: string;
  /** From 1. */
  readonly line: number | null;
  readonly position: number | null;
  readonly stream: string | null;
  /** Number of the commit in its stream. */
  readonly seq: number | null;
  readonly detail: string;
}

const nowhere = { line: null, position: null, stream: null, seq: null };
/** How many faults are told; all are counted. */
export const mostFaultsTold = 20;

/** Keeps the first faults and counts all. */
export class Faults {
  readonly kept: BundleFault[] = [];
  count = 0;

  add(code: BundleFaultCode, file: string, detail: string, at: Partial<BundleFault> = {}): void {
    this.count++;
    if (this.kept.length < mostFaultsTold) this.kept.push({ ...nowhere, ...at, code, file, detail });
  }
}

import { signatureFaults } from '#signatures';

/** Every way in which a bundle can differ from the signed one. A code never changes. */
export const bundleFaults = {
  'bad-signature': 'The signature in manifest.jws does not match its own key: the file was altered or cut.',
  'foreign-key': 'The bundle was signed by a different key than expected.',
  'altered-manifest': 'manifest.json differs from the signed text.',
  'other-log': 'The bundle belongs to another log.',
  'wrong-claim': 'The manifest contradicts the content of the bundle.',
  'missing-file': 'A signed file is missing.',
  'altered-file': 'A file differs from the signed one.',
  'unreadable-line': 'The line is not in the bundle format: it was altered, cut or written by another program.',
  'missing-tail': 'Commits are missing at the end.',
  'missing-commit': 'A commit was removed.',
  'swapped-order': 'Commits are not in the order of the log.',
  'repeated-commit': 'A commit occurs twice.',
  'added-commit': 'This commit is not one of the signed commits.',
  'altered-bytes': 'The commit id does not match these bytes: the text, the author or the time was edited.',
  'rewritten-commit': 'The commit is valid but differs from the signed one: it was rewritten.',
  'broken-chain': 'The commit does not follow the one before it in its stream.',
  'wrong-position': 'The commit’s line gives a wrong position.',
  'wrong-index': 'The index contradicts the commit.',
  'wrong-raw-record': 'The raw bytes of a record do not match a commit of the bundle.',
  'wrong-root': 'The commits do not have the signed root.',
  'wrong-path': 'The audit path of the commit does not lead to the signed root.',
  'wrong-entry': 'The visibility log goes backwards.',
  'altered-key': 'The key of the development differs from the exported one.',
  'added-key': 'This key was not exported.',
  'missing-key':
    'The key of a development is missing, but the log has no takedown of it: nobody can read its text any more.',
  'added-digest': 'The digests of keys name a development that has no sealed text or was taken down.',
  'missing-digest': 'The digests of keys lack a development that has sealed text.',
  'missing-blob': 'A file of a picture is missing, and nobody took its development down.',
  'altered-blob': 'The bytes of a file of a picture do not have the hash that is its name.',
  'added-blob': 'The list of files names one that no commit names, or that belongs to what was taken down.',
  'unlisted-blob': 'The list of files lacks one that a commit names.',
  ...signatureFaults,
} as const;
/** The code of a fault in a bundle. */
export type BundleFaultCode = keyof typeof bundleFaults;

/** A fault, and where it is. */
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
/** Maximum number of faults in a report. All are counted. */
export const mostFaultsPrinted = 20;

/** Keeps the first faults and counts all. */
export class Faults {
  readonly kept: BundleFault[] = [];
  count = 0;

  add(code: BundleFaultCode, file: string, detail: string, at: Partial<BundleFault> = {}): void {
    this.count++;
    if (this.kept.length < mostFaultsPrinted) this.kept.push({ ...nowhere, ...at, code, file, detail });
  }
}

import type { SignedHead } from './head.js';
import type { MerkleTree } from './merkle.js';

/** Every way in which a log contradicts its signed heads. The codes never change. */
export const headFaults = {
  'head-of-other-log': 'The head is of another log.',
  'heads-contradict': 'Two heads of the same position have different roots: there are two versions of the log.',
  'past-rewritten': 'The log does not hold the signed commits: its past was rewritten.',
  'tail-cut': 'The log ends before the signed position: its tail was cut.',
} as const;
/** The code of a fault. Codes never change. */
export type HeadFaultCode = keyof typeof headFaults;

/** A signed head that the log contradicts. */
export interface HeadFault {
  readonly code: HeadFaultCode;
  readonly head: SignedHead;
  readonly detail: string;
}

/** Compares a growing log with its signed heads. */
export class HeadWatch {
  private readonly heads: readonly SignedHead[];
  /** The faults found so far. */
  readonly found: HeadFault[] = [];
  private next = 0;
  private compared = 0;

  constructor(heads: readonly SignedHead[]) {
    this.heads = heads.toSorted((a, b) => a.position - b.position);
    this.heads.forEach((head, i) => {
      const before = this.heads[i - 1];
      if (before?.position === head.position && before.log === head.log && before.root !== head.root)
        this.fault(
          'heads-contradict',
          head,
          `Position ${head.position} was signed at ${before.time} and at ${head.time}.`,
        );
    });
  }

  /** Call after each commit of the log with this id. */
  grown(log: string, tree: Pick<MerkleTree, 'size' | 'root'>): void {
    for (; this.heads[this.next]?.position === tree.size; this.next++) {
      const head = this.heads[this.next]!;
      this.compared++;
      if (head.log !== log) this.fault('head-of-other-log', head, `It is of ${head.log}; this log is ${log}.`);
      else if (head.root !== tree.root())
        this.fault(
          'past-rewritten',
          head,
          `At position ${head.position} the root was ${head.root} at ${head.time}; it is ${tree.root()}.`,
        );
    }
  }

  /** Call at the log's end, at `position`; returns the number of heads compared and the faults, ordered by position. */
  done(position: number): { readonly compared: number; readonly faults: readonly HeadFault[] } {
    const cut = this.heads.slice(this.next).map((head): HeadFault => ({
      code: 'tail-cut',
      head,
      detail: `Position ${head.position} was signed at ${head.time}; the log ends at ${position}.`,
    }));
    const faults = [...this.found, ...cut].sort((a, b) => a.head.position - b.head.position);
    return { compared: this.compared, faults };
  }

  private fault(code: HeadFaultCode, head: SignedHead, detail: string): void {
    this.found.push({ code, head, detail });
  }
}

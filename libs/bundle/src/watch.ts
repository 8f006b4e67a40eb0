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

  /** `given`: all known heads, if only some of them can be compared. Any two of them can show that there are two versions of a log. */
  constructor(heads: readonly SignedHead[], given = heads) {
    this.heads = heads.toSorted((a, b) => a.position - b.position);
    const firsts = new Map<string, SignedHead>();
    for (const head of given) {
      const place = `${head.log} ${head.position}`;
      const first = firsts.get(place);
      if (!first) firsts.set(place, head);
      else if (first.root !== head.root)
        this.fault(
          'heads-contradict',
          head,
          `Position ${head.position} was signed at ${first.time} and at ${head.time}.`,
        );
    }
  }

  /** Call after each commit of the log with this id, or at least at the position of each head of this log. */
  grown(log: string, tree: Pick<MerkleTree, 'size' | 'root'>): void {
    for (let head = this.heads[this.next]; head && head.position <= tree.size; head = this.heads[++this.next]) {
      this.compared++;
      if (head.log !== log) this.found.push(ofOtherLog(head, log));
      else if (head.root !== tree.root())
        this.fault(
          'past-rewritten',
          head,
          `At position ${head.position} the root was ${head.root} at ${head.time}; it is ${tree.root()}.`,
        );
    }
  }

  /**
   * Call at the end, at `position`, of the log with this id, or without an id if it is empty. Returns the number of heads compared and the
   * faults, ordered by position.
   */
  done(
    log: string | undefined,
    position: number,
  ): { readonly compared: number; readonly faults: readonly HeadFault[] } {
    const beyond = this.heads.slice(this.next).map((head): HeadFault => {
      if (log !== undefined && head.log !== log) return ofOtherLog(head, log);
      const detail = `Position ${head.position} was signed at ${head.time}; the log ends at ${position}.`;
      return { code: 'tail-cut', head, detail };
    });
    const faults = [...this.found, ...beyond].sort((a, b) => a.head.position - b.head.position);
    return { compared: this.compared, faults };
  }

  private fault(code: HeadFaultCode, head: SignedHead, detail: string): void {
    this.found.push({ code, head, detail });
  }
}

const ofOtherLog = (head: SignedHead, log: string): HeadFault => ({
  code: 'head-of-other-log',
  head,
  detail: `It is of ${head.log}; this log is ${log}.`,
});

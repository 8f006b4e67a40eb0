import type { Commit } from '#domain';
import { arbitrate, emptyLog, type Arbitration, type Decoded, type LogRecord, type Verdict } from '#event-log';
import { open, keyIdsIn, type Keys, type KeyStore } from '#keys';
import { arbitrateAll, type Shred } from '#projections';
import { Map as Dictionary, Set as Names } from 'immutable';
import { wrongAttribute, wrongOutside } from '../strange.js';
import { after, emptyBasis, wrongOn, type Basis } from './allowed.js';
import type { Fault, FaultCode } from './faults.js';

/** The findings on a log, from its first record on. */
export interface Examined {
  readonly arbitration: Arbitration;
  readonly records: number;
  readonly winners: number;
  readonly basis: Basis;
  /** The log's name, from its first commit. */
  readonly source: string | undefined;
  readonly first: Fault | undefined;
  readonly faults: number;
  /** Quarantined streams, with a winner that this version cannot read: no decision on them can be checked. */
  readonly unreadable: Names<string>;
  /** All takedowns, including those in wrong commits. */
  readonly shreds: readonly Shred[];
  /** Developments whose key was already destroyed when a commit about them was examined, and the first such commit. */
  readonly destroyed: Dictionary<string, Shred>;
  /** The first winner with a valid id that cannot be read here: its contents were not checked. */
  readonly unchecked: { readonly stream: string; readonly position: number; readonly why: string } | undefined;
}

/** The findings before the first record. */
export const unseen: Examined = {
  arbitration: emptyLog,
  records: 0,
  winners: 0,
  basis: emptyBasis,
  source: undefined,
  first: undefined,
  faults: 0,
  unreadable: Names(),
  shreds: [],
  destroyed: Dictionary(),
  unchecked: undefined,
};

type Won = Verdict & { won: true };
type Wrong = { readonly code: FaultCode; readonly detail: string };

/** Examines more records, with the current keys. Rejects with a KeyStoreError. */
export async function examineAll(
  before: Examined,
  records: readonly LogRecord[],
  store: Pick<KeyStore, 'keysOf'>,
): Promise<Examined> {
  const { winners, withPayload, shreds } = arbitrateAll(before, records);
  const keys = await store.keysOf(withPayload);
  const reads = new Map(winners.map(({ record, read }) => [record, read]));
  const begun: Examined = { ...before, shreds: [...before.shreds, ...shreds] };
  return records.reduce((seen, record) => examine(seen, record, reads.get(record), keys), begun);
}

/**
 * Examines one more record: arbitrates it by the same rule as every process, and then checks a winner in full. Pure, and
 * total.
 */
function examine(before: Examined, record: LogRecord, read: Decoded | undefined, keys: Keys): Examined {
  const [arbitration, verdict] = arbitrate(before.arbitration, record.headers);
  const seen = { ...before, arbitration, records: before.records + 1 };
  if (!verdict.won || !read) return seen;
  const source = before.source ?? record.headers.ce_source;
  return examineWinner({ ...seen, source, winners: seen.winners + 1 }, record, verdict, read, keys);
}

function examineWinner(seen: Examined, record: LogRecord, verdict: Won, read: Decoded, keys: Keys): Examined {
  const { stream, position, seq } = verdict;
  const forged = wrongOutside(record, verdict);
  if (forged) return marked({ ...seen, unreadable: seen.unreadable.add(stream) }, verdict, at(record.offset, forged));
  if ('unreadable' in read) {
    const unchecked = seen.unchecked ?? { stream, position, why: read.unreadable };
    return { ...seen, unchecked, unreadable: seen.unreadable.add(stream) };
  }
  const opening = open(read.commit, keys);
  if ('unreadable' in opening) {
    const sealed: Wrong = { code: 'sealed-unreadable', detail: opening.unreadable };
    return marked({ ...seen, unreadable: seen.unreadable.add(stream) }, verdict, sealed);
  }
  const { commit } = opening;
  const known = !seen.unreadable.has(stream);
  const attribute = wrongAttribute(read.commit, record, seen.source);
  const wrong = attribute ? at(record.offset, attribute) : known ? wrongOn(seen.basis, commit) : undefined;
  const destroyed = noted(seen.destroyed, read.commit, keys);
  const next = known ? { ...seen, destroyed, basis: after(seen.basis, commit) } : { ...seen, destroyed };
  return wrong ? marked(next, { stream, seq, position }, wrong) : next;
}

function noted(before: Examined['destroyed'], { stream, seq, position, events }: Commit, keys: Keys) {
  let destroyed = before;
  for (const development of keyIdsIn(events))
    if ('destroyed' in (keys.get(development) ?? {}) && !destroyed.has(development))
      destroyed = destroyed.set(development, { stream, seq, position, development });
  return destroyed;
}

/** Developments whose key is destroyed although the examined log holds no takedown of them. */
export function lostKeysOf({ destroyed, shreds }: Examined, known: ReadonlySet<string>): Shred[] {
  const takenDown = new Set(shreds.map(({ development }) => development));
  return [...destroyed.values()].filter(({ development }) => !takenDown.has(development) && !known.has(development));
}

function marked(seen: Examined, { stream, seq, position }: Pick<Won, 'stream' | 'seq' | 'position'>, wrong: Wrong) {
  const fault: Fault = { ...wrong, stream, seq, position, row: null };
  return { ...seen, faults: seen.faults + 1, first: seen.first ?? fault };
}

const at = (offset: number, { code, detail }: Wrong): Wrong => ({ code, detail: `At offset ${offset} ${detail}` });

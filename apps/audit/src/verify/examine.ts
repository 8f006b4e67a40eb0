import type { Commit } from '#domain';
import {
  arbitrate,
  commitId,
  emptyLog,
  encode,
  type Arbitration,
  type Decoded,
  type LogRecord,
  type Verdict,
} from '#event-log';
import { open, type Keys, type KeyStore } from '#keys';
import { arbitrateAll, type Shred } from '#projections';
import { Set as Names } from 'immutable';
import { after, emptyBasis, wrongOn, type Basis } from './allowed.js';
import type { Fault, FaultCode } from './faults.js';

/** What has been seen of a log, from its first record on. */
export interface Examined {
  readonly arbitration: Arbitration;
  readonly records: number;
  readonly winners: number;
  readonly basis: Basis;
  /** The log's name, as its first commit has it. */
  readonly source: string | undefined;
  readonly first: Fault | undefined;
  readonly faults: number;
  /** Streams with a winner that cannot be read here: nothing can be decided on them. */
  readonly unreadable: Names<string>;
  /** What is to be taken down, also by commits that something is wrong with. */
  readonly shreds: readonly Shred[];
  /** The first winner that has the right id and cannot be read here: what it holds was not checked. */
  readonly unchecked: { readonly stream: string; readonly position: number; readonly why: string } | undefined;
}

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
  unchecked: undefined,
};

type Won = Verdict & { won: true };
type Wrong = { readonly code: FaultCode; readonly detail: string };

/** More records, with the keys that there are now. Rejects with a KeyStoreError. */
export async function examineAll(
  before: Examined,
  records: readonly LogRecord[],
  store: Pick<KeyStore, 'keysOf'>,
): Promise<Examined> {
  const { winners, told, shreds } = arbitrateAll(before, records);
  const keys = await store.keysOf(told);
  const reads = new Map(winners.map(({ record, read }) => [record, read]));
  const begun: Examined = { ...before, shreds: [...before.shreds, ...shreds] };
  return records.reduce((seen, record) => examine(seen, record, reads.get(record), keys), begun);
}

/** One more record: who won is told by the rule that everybody applies, and a winner is taken at nobody's word. Pure, total. */
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
  if (forged) return marked({ ...seen, unreadable: seen.unreadable.add(stream) }, verdict, forged);
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
  const wrong = wrongAttribute(read.commit, record, seen.source) ?? (known ? wrongOn(seen.basis, commit) : undefined);
  const next = known ? { ...seen, basis: after(seen.basis, commit) } : seen;
  return wrong ? marked(next, { stream, seq, position }, wrong) : next;
}

function marked(seen: Examined, { stream, seq, position }: Pick<Won, 'stream' | 'seq' | 'position'>, wrong: Wrong) {
  const fault: Fault = { ...wrong, stream, seq, position, row: null };
  return { ...seen, faults: seen.faults + 1, first: seen.first ?? fault };
}

/** What shows without reading the value. */
function wrongOutside({ offset, headers, value }: LogRecord, { id, seq }: Won): Wrong | undefined {
  const covered = commitId(headers, value);
  if (covered !== id)
    return { code: 'altered-bytes', detail: `At offset ${offset} the id is ${id}, that of the bytes ${covered}.` };
  if (headers.ce_seq !== String(seq))
    return { code: 'wrong-seq', detail: `At offset ${offset} it says ${headers.ce_seq}; it is ${seq}.` };
  return undefined;
}

/** What a record may carry besides, which its id does not cover. */
const extra = new Set(['ce_traceparent']);

/** Every attribute follows from what the commit holds, and is written in one way. */
function wrongAttribute(commit: Commit, { headers, offset }: LogRecord, source: string | undefined): Wrong | undefined {
  const wrong = (name: string, due = 'absent'): Wrong => ({
    code: 'wrong-attribute',
    detail: `At offset ${offset} ${name} is ${headers[name] ?? 'absent'}, not ${due}.`,
  });
  if (!source || headers.ce_source !== source) return wrong('ce_source', source);
  const due = encode({ ...commit, source, commandHash: headers.ce_commandhash ?? '' }).headers;
  const names = [
    ...Object.keys(due),
    ...Object.keys(headers).filter(name => name.startsWith('ce_') && !extra.has(name)),
  ];
  const other = names.find(name => name !== 'ce_id' && headers[name] !== due[name]);
  return other === undefined ? undefined : wrong(other, due[other]);
}

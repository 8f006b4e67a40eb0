import { actorOf, actorsOf, headlineOf, storyOf, type Commit, type Content, type OpenCommit } from '#domain';
import { arbitrate, emptyLog, type Arbitration, type Decoded, type LogRecord, type Verdict } from '#event-log';
import { open, keyIdsIn, type Keys, type KeyStore } from '#keys';
import { arbitrateAll, type Shred } from '#projections';
import { Certificates, type OpenedCertificate } from '#signatures';
import { Map as Dictionary, Set as Names } from 'immutable';
import { wrongAttribute, wrongOutside } from '../strange.js';
import { nothingSeen, seeSignature, type Expecting, type SignaturesSeen } from '../signatures/seen.js';
import { namedAfter, noneNamed, type FilesNamed } from '../blobs/named.js';
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
  readonly signatures: SignaturesSeen;
  /** The names of actors that can be opened, from which headlines were made. */
  readonly names: Dictionary<string, string>;
  /** The files of pictures that the commits name. */
  readonly files: FilesNamed;
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
  signatures: nothingSeen,
  names: Dictionary(),
  files: noneNamed,
  shreds: [],
  destroyed: Dictionary(),
  unchecked: undefined,
};

type Won = Verdict & { won: true };
type Wrong = { readonly code: FaultCode; readonly detail: string };

/** What a pass over a log knows beside the log. */
interface Known {
  readonly keys: Keys;
  readonly certificates: ReadonlyMap<string, OpenedCertificate | undefined>;
  readonly expecting: Expecting;
}

const opening = new Certificates();

/** The certificates of these winners, opened: verifying them takes time that a pure function has not. */
async function certificatesOf(reads: Iterable<Decoded>): Promise<Known['certificates']> {
  const texts = new Set([...reads].flatMap(read => ('signed' in read && read.signed ? [read.signed.certificate] : [])));
  return new Map(await Promise.all([...texts].map(async text => [text, await opening.open(text)] as const)));
}

/** Examines more records, with the current keys. Rejects with a KeyStoreError. */
export async function examineAll(
  before: Examined,
  records: readonly LogRecord[],
  store: Pick<KeyStore, 'keysOf'>,
  expecting: Expecting = {},
): Promise<Examined> {
  const { winners, withPayload, shreds } = arbitrateAll(before, records);
  const keys = await store.keysOf(withPayload);
  const reads = new Map(winners.map(({ record, read }) => [record, read]));
  const known = { keys, certificates: await certificatesOf(reads.values()), expecting };
  const begun: Examined = { ...before, shreds: [...before.shreds, ...shreds] };
  return records.reduce((seen, record) => examine(seen, record, reads.get(record), known), begun);
}

/**
 * Examines one more record: arbitrates it by the same rule as every process, and then checks a winner in full. Pure, and
 * total.
 */
function examine(before: Examined, record: LogRecord, read: Decoded | undefined, known: Known): Examined {
  const [arbitration, verdict] = arbitrate(before.arbitration, record.headers);
  const seen = { ...before, arbitration, records: before.records + 1 };
  if (!verdict.won || !read) return seen;
  const source = before.source ?? record.headers.ce_source;
  return examineWinner({ ...seen, source, winners: seen.winners + 1 }, record, verdict, read, known);
}

function examineWinner(before: Examined, record: LogRecord, verdict: Won, read: Decoded, known: Known): Examined {
  const { keys } = known;
  const { stream, position, seq } = verdict;
  const forged = wrongOutside(record, verdict);
  if (forged)
    return marked({ ...before, unreadable: before.unreadable.add(stream) }, verdict, at(record.offset, forged));
  if ('unreadable' in read) {
    const unchecked = before.unchecked ?? { stream, position, why: read.unreadable };
    return { ...before, unchecked, unreadable: before.unreadable.add(stream) };
  }
  const opening = open(read.commit, keys);
  const opened = 'commit' in opening ? opening.commit : undefined;
  const [signatures, unsigned] = signatureOf(before, record, read, opened, known);
  const names = opened ? namesAfter(before.names, opened) : before.names;
  const seen = { ...before, signatures, names, files: namedAfter(before.files, verdict, read.commit.events) };
  if ('unreadable' in opening) {
    const sealed: Wrong = { code: 'sealed-unreadable', detail: opening.unreadable };
    return marked({ ...seen, unreadable: seen.unreadable.add(stream) }, verdict, sealed);
  }
  const { commit } = opening;
  const isKnown = !seen.unreadable.has(stream);
  const attribute = wrongAttribute(read.commit, record, seen.source);
  const decided = isKnown ? wrongOn(seen.basis, commit) : undefined;
  const wrong = attribute ? at(record.offset, attribute) : (decided ?? unsigned);
  const destroyed = noted(seen.destroyed, read.commit, keys);
  const next = isKnown ? { ...seen, destroyed, basis: after(seen.basis, commit) } : { ...seen, destroyed };
  return wrong ? marked(next, { stream, seq, position }, wrong) : next;
}

/** Checks the signature on the state before the commit. A quarantined stream has none. */
function signatureOf(
  { signatures, basis, names, unreadable, source }: Examined,
  { headers }: LogRecord,
  { commit, signed }: Extract<Decoded, { commit: Commit }>,
  open: OpenCommit | undefined,
  { certificates, expecting }: Known,
) {
  const { stream } = commit;
  const story = storyOf(commit) === undefined ? undefined : basis.stories.get(stream);
  const language = story?.header?.language;
  const headline = (content: Content) =>
    actorsOf(content).every(actor => names.has(actor))
      ? headlineOf(content, actor => names.get(actor)!, language)
      : undefined;
  const it = {
    commit,
    log: source ?? '',
    commandHash: headers.ce_commandhash ?? '',
    signed,
    certificate: signed && certificates.get(signed.certificate),
    open,
    hasTeam: story?.team !== undefined,
    before: unreadable.has(stream) ? undefined : { defaults: story?.defaults, headline },
  };
  return seeSignature(signatures, it, expecting);
}

/** The names after a commit of an actor. A name whose key is destroyed is unknown. */
function namesAfter(names: Examined['names'], commit: OpenCommit): Examined['names'] {
  const actor = actorOf(commit);
  if (actor === undefined) return names;
  return commit.events.reduce((known, { type, data }) => {
    if (type === 'ActorRegistered' || type === 'ActorAmended') return known.set(actor, data.name);
    if (type === 'ActorShredded') return known.delete(actor);
    if (type !== 'ActorRegisteredSealed' && type !== 'ActorAmendedSealed') return known;
    return data.told ? known.set(actor, data.told.name) : known.delete(actor);
  }, names);
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

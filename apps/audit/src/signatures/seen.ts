import { leadsTo, system, type Before, type Commit, type OpenCommit } from '#domain';
import { logStream, type Signed } from '#event-log';
import {
  beyondCertificate,
  checkSigned,
  isSignatureFault,
  mostSkewMs,
  type OpenedCertificate,
  type SignatureFault,
  type Statement,
} from '#signatures';
import { Map as Dictionary } from 'immutable';

/** The most positions that a report names. All commits are counted. */
export const mostPositionsNamed = 20;

/** A number of commits, and the first of them. */
export interface Counted {
  readonly count: number;
  readonly positions: readonly number[];
}
const none: Counted = { count: 0, positions: [] };
const oneMore = ({ count, positions }: Counted, position: number): Counted => ({
  count: count + 1,
  positions: positions.length < mostPositionsNamed ? [...positions, position] : positions,
});

/** The commit of a signed command, and when it was signed: milliseconds since 1970. */
interface Counting {
  readonly position: number;
  readonly time: number;
}

/** The findings on the signatures of a log's commits. */
export interface SignaturesSeen {
  /** Commits whose signature is valid; those of the newsroom itself are among them. */
  readonly signed: number;
  readonly unsigned: Counted;
  /** Validly signed commits of which the log does not show whether the events are what the command asked for. */
  readonly unproven: Counted;
  /** Fingerprints of the certifying keys; some, if there are many. */
  readonly certifiers: readonly string[];
  /** When the latest of the validly signed commits was recorded. */
  readonly latest: string | undefined;
  /** The signed commands whose time would still allow a copy: each counts once. */
  readonly counted: Dictionary<string, Counting>;
}

/** The findings before the first commit. */
export const nothingSeen: SignaturesSeen = {
  signed: 0,
  unsigned: none,
  unproven: none,
  certifiers: [],
  latest: undefined,
  counted: Dictionary(),
};

/** What is expected of signatures. */
export interface Expecting {
  /** The fingerprints of the keys that may certify; undefined if nobody named them. */
  readonly certifiers?: readonly string[] | undefined;
  /** The position from which on every commit must be signed. */
  readonly from?: number | undefined;
}

/** A commit with its signature, and what the checks need. */
export interface Looked {
  readonly commit: Commit;
  readonly log: string;
  readonly commandHash: string;
  readonly signed: Signed | undefined;
  readonly certificate: OpenedCertificate | undefined;
  /** The commit with its words; undefined if nobody can open them here. */
  readonly open: OpenCommit | undefined;
  /** What the stream held before the commit; undefined if it is unknown here. */
  readonly before: Before | undefined;
  /** Whether the story had a team. */
  readonly hasTeam: boolean;
}

type Found = readonly [SignaturesSeen, SignatureFault | undefined];

/** Takes in one more commit, in the order of the log. The first commit of a log is its identity, so it needs no signature. Pure. */
export function seeSignature(seen: SignaturesSeen, it: Looked, { certifiers, from }: Expecting): Found {
  const { commit, signed } = it;
  if (commit.stream === logStream && commit.seq === 1) return [seen, undefined];
  if (!signed) return seeUnsigned(seen, commit, from);
  const statement = checkedStatement(seen, it, signed, certifiers);
  if (isSignatureFault(statement)) return [seen, statement];
  const asked = it.open && it.before && leadsTo(it.commandHash, it.open, it.before);
  if (asked === false)
    return [seen, { code: 'not-asked-for', detail: `The hash of the signed command is ${it.commandHash}.` }];
  const unproven = asked ? seen.unproven : oneMore(seen.unproven, commit.position);
  return [{ ...withSigned(seen, commit, statement, it.certificate!), unproven }, undefined];
}

/** Two authors may use the same Idempotency-Key. */
const keyOf = ({ by, stream, command }: Statement): string => JSON.stringify([by, stream, command]);

function withSigned(
  seen: SignaturesSeen,
  { recorded, position }: Commit,
  statement: Statement,
  { certifier }: Pick<OpenedCertificate, 'certifier'>,
): SignaturesSeen {
  const latest = !seen.latest || recorded > seen.latest ? recorded : seen.latest;
  const isKnown = seen.certifiers.includes(certifier) || seen.certifiers.length >= mostPositionsNamed;
  return {
    ...seen,
    signed: seen.signed + 1,
    certifiers: isKnown ? seen.certifiers : [...seen.certifiers, certifier],
    latest,
    counted: stillCopied(seen, latest).set(keyOf(statement), { position, time: Date.parse(statement.time) }),
  };
}

/**
 * How much older than the latest signed commit a statement may be: the statement may be `2 * mostSkewMs` older than its commit, and the
 * commit as much older than the latest.
 */
const copiedWithinMs = 4 * mostSkewMs;

/** Forgets the commands that are too old for a copy, once in each such span of the log's time. */
function stillCopied({ counted, latest: before }: SignaturesSeen, latest: string): SignaturesSeen['counted'] {
  const [from, to] = [before ?? latest, latest].map(at => Math.floor(Date.parse(at) / copiedWithinMs));
  return from === to ? counted : counted.filter(({ time }) => time >= Date.parse(latest) - copiedWithinMs);
}

/** Whether the commit at a position must be signed. `from`: the first that must be; undefined if none must. */
export const mustBeSigned = (from: number | undefined, position: number): boolean =>
  from !== undefined && position >= from;

function seeUnsigned(seen: SignaturesSeen, { position, by }: Commit, from: number | undefined): Found {
  const after = { ...seen, unsigned: oneMore(seen.unsigned, position) };
  if (!mustBeSigned(from, position)) return [after, undefined];
  const detail = `Commits must be signed from position ${from} on. It names ${by.id} as its author.`;
  return [after, { code: 'not-signed', detail }];
}

function checkedStatement(
  { latest, counted }: SignaturesSeen,
  { commit, log, commandHash, certificate, hasTeam }: Looked,
  signed: Signed,
  certifiers: readonly string[] | undefined,
): Statement | SignatureFault {
  const found = checkSigned(signed, certificate, { ...commit, log, commandHash }, certifiers);
  if (isSignatureFault(found)) return found;
  const counts = counted.get(keyOf(found));
  if (counts)
    return {
      code: 'signed-for-another',
      detail: `The commit at position ${counts.position} has this command already.`,
    };
  // A key whose certificate has ended must not sign for the time when it was valid.
  if (latest !== undefined && Date.parse(commit.recorded) < Date.parse(latest) - 2 * mostSkewMs)
    return {
      code: 'signed-out-of-time',
      detail: `It says that it was recorded at ${commit.recorded}; an earlier commit was at ${latest}.`,
    };
  if (commit.by.id === system.id) return found;
  return beyondCertificate(certificate!, commit, commit.events, hasTeam) ?? found;
}

import { KeyLine, readCommitLine, type LoggedCommit } from '#bundle';
import type { PostingDefaults } from '#domain';
import { arbitrate, decode, emptyLog, type Verdict } from '#event-log';
import { open, type Keys } from '#keys';
import { Certificates } from '#signatures';
import {
  mustBeSigned,
  nothingSeen,
  seeSignature,
  type Expecting,
  type Looked,
  type SignaturesSeen,
} from '../../signatures/seen.js';
import { linesOf } from '../files.js';
import { readLine } from './expected.js';
import { Faults } from './faults.js';

/** The signatures of a bundle's commits. */
export interface SignaturesChecked extends Expecting {
  readonly seen: SignaturesSeen;
  readonly faults: Faults;
  /** Number of commits that must be signed and that this version cannot read. */
  readonly unread: number;
}

/**
 * Checks who signed each commit of a bundle that was found unaltered. Words whose keys are in the bundle are compared with the signed
 * commands; the bundle of one story does so too.
 */
export async function checkSignatures(
  folder: string,
  expecting: Expecting,
  signal: AbortSignal,
): Promise<SignaturesChecked> {
  const keys = await keysOf(folder);
  const [certificates, faults] = [new Certificates(), new Faults()];
  const defaults = new Map<string, PostingDefaults>();
  const teams = new Set<string>();
  let [arbitration, seen, line, log, unread] = [emptyLog, nothingSeen, 0, '', 0];
  for await (const text of linesOf(folder, 'commits.jsonl')) {
    signal.throwIfAborted();
    line++;
    const logged = readCommitLine(text)!;
    const { headers, position } = logged;
    const [next, verdict] = arbitrate(arbitration, headers);
    arbitration = next;
    log ||= headers.ce_source ?? '';
    if (!verdict.won) continue;
    const read = readIn(logged, verdict, keys);
    if (!read) {
      if (mustBeSigned(expecting.from, position)) unread++;
      continue;
    }
    const { stream, seq, events } = read.commit;
    const certificate = read.signed && (await certificates.open(read.signed.certificate));
    const [after, fault] = seeSignature(
      seen,
      { ...read, log, certificate, before: { defaults: defaults.get(stream) }, hasTeam: teams.has(stream) },
      expecting,
    );
    seen = after;
    if (fault) faults.add(fault.code, 'commits.jsonl', fault.detail, { line, position, stream, seq });
    for (const event of events) {
      if (event.type === 'PostingDefaultsSet') defaults.set(stream, event.data);
      if (event.type === 'MemberNamed') teams.add(stream);
    }
  }
  return { ...expecting, seen, faults, unread };
}

type Read = Pick<Looked, 'commit' | 'commandHash' | 'signed' | 'open'>;

/** Reads a commit and its words; undefined if this version cannot. */
function readIn(
  { headers, value, position }: LoggedCommit,
  verdict: Verdict & { won: true },
  keys: Pick<Keys, 'get'>,
): Read | undefined {
  const read = decode(headers, value, verdict);
  if ('unreadable' in read) return undefined;
  const commit = { ...read.commit, position };
  const opened = open(commit, keys);
  const words = 'commit' in opened ? opened.commit : undefined;
  return { commit, commandHash: headers.ce_commandhash ?? '', signed: read.signed, open: words };
}

/** The keys that the bundle still holds. A missing one is as good as destroyed here. */
async function keysOf(folder: string) {
  const keys = new Map<string, { readonly secret: Uint8Array }>();
  for await (const text of linesOf(folder, 'keys.jsonl')) {
    const entry = readLine(KeyLine, text);
    if (entry) keys.set(entry.development, { secret: Buffer.from(entry.key, 'base64url') });
  }
  return { get: (id: string) => keys.get(id) ?? { destroyed: '' } };
}

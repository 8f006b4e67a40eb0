import { actBehind, actingRoles, storyStream, tokenRolesFor, type CommitAuthor } from '#domain';
import type { Signed } from '#event-log';
import type { OpenedCertificate } from './certificate.js';
import { coveredFields, openStatement, type Statement } from './statement.js';

/** Every way in which a commit's signature can be wrong. A code never changes. */
export const signatureFaults = {
  'bad-author-signature': 'The author’s signature, or the certificate of the key, does not match its key.',
  'signed-for-another': 'The signature is for another commit, command, person, story or log.',
  'not-certified': 'The key was not certified for this person then, or by another certifier than expected.',
  'not-their-right': 'The certificate does not give the right that the commit needs.',
  'signed-out-of-time': 'The signature was made at another time than the commit.',
  'not-asked-for': 'The signed command would not give these events: somebody changed them.',
  'not-signed': 'The commit has no signature, although every commit from there on must have one.',
} as const;
/** The code of a fault. */
export type SignatureFaultCode = keyof typeof signatureFaults;
/** A fault of a signature. */
export interface SignatureFault {
  readonly code: SignatureFaultCode;
  readonly detail: string;
}

/** How far the clocks of an author and of the editor-api may be apart, in milliseconds. */
export const mostSkewMs = 300_000;

/** The parts of a commit that its signature covers or concerns. */
export interface SignedCommit {
  readonly log: string;
  readonly stream: string;
  readonly by: CommitAuthor;
  readonly command: string;
  readonly commandHash: string;
  /** When it was recorded: ISO 8601, UTC, milliseconds. Undefined if it was not yet; then times are not compared. */
  readonly recorded: string | undefined;
}

const fault = (code: SignatureFaultCode, detail: string): SignatureFault => ({ code, detail });

/**
 * Checks the signature of a commit, or of a command that may become one. `certifiers`: the fingerprints of the keys that may certify;
 * undefined for any. Returns the statement, or what is wrong. Pure.
 */
export function checkSigned(
  signed: Signed,
  opened: OpenedCertificate | undefined,
  commit: SignedCommit,
  certifiers: readonly string[] | undefined,
): Statement | SignatureFault {
  if (!opened) return fault('bad-author-signature', 'The certificate is not signed by the key that it names.');
  const { certificate, key, certifier } = opened;
  const statement = openStatement(signed.command, key);
  if (!statement) return fault('bad-author-signature', 'The certified key did not sign the command.');
  return wrongStatement(statement, commit) ?? wrongCertificate(certificate, certifier, commit, certifiers) ?? statement;
}

/** Whether the result of a check is a fault. */
export const isSignatureFault = (found: Statement | SignatureFault): found is SignatureFault => 'code' in found;

function wrongStatement(statement: Statement, commit: SignedCommit): SignatureFault | undefined {
  const { log, stream, command, recorded } = commit;
  const due = { by: commit.by.id, command, commandhash: commit.commandHash, log, stream };
  const other = coveredFields.find(name => statement[name] !== due[name]);
  if (other) return fault('signed-for-another', `It signs ${other} ${statement[other]}; the commit has ${due[other]}.`);
  if (recorded === undefined || Math.abs(Date.parse(statement.time) - Date.parse(recorded)) <= 2 * mostSkewMs)
    return undefined;
  return fault('signed-out-of-time', `It was signed at ${statement.time} and recorded at ${recorded}.`);
}

function wrongCertificate(
  { sub, name, maker, log, iat, exp }: OpenedCertificate['certificate'],
  certifier: string,
  { by, recorded, ...commit }: SignedCommit,
  certifiers: readonly string[] | undefined,
): SignatureFault | undefined {
  const not = (detail: string) => fault('not-certified', detail);
  if (certifiers && !certifiers.includes(certifier))
    return not(`The certifier is ${certifier}; expected is ${certifiers.join(' or ')}.`);
  const due = { sub: by.id, name: by.name, maker: by.maker, log: commit.log } as const;
  const held = { sub, name, maker, log };
  const other = (['sub', 'name', 'maker', 'log'] as const).find(claim => held[claim] !== due[claim]);
  if (other) return not(`Its ${other} is ${held[other] ?? 'absent'}; the commit has ${due[other] ?? 'none'}.`);
  if (recorded === undefined) return undefined;
  const at = Date.parse(recorded);
  if (at < iat * 1_000 - mostSkewMs) return not(`It was recorded at ${recorded}, before the certificate began.`);
  if (at > exp * 1_000 + mostSkewMs) return not(`It was recorded at ${recorded}, after the certificate had ended.`);
  return undefined;
}

type Events = readonly { readonly type: string; readonly data: object }[];

/** Roles of a token that hold in every story. The others are a member's, where a story has a team. */
const everywhere = ['legal', 'managing'];

/**
 * What the certificate does not give its holder the right to do in this stream, if anything. `hasTeam`: the story has a team, which gives
 * the other roles; that is checked apart. Pure.
 */
export function beyondCertificate(
  { certificate: { roles, story, acts: allowed } }: OpenedCertificate,
  { stream }: Pick<SignedCommit, 'stream'>,
  events: Events,
  hasTeam: boolean,
): SignatureFault | undefined {
  const not = (detail: string) => fault('not-their-right', detail);
  if (story !== undefined && stream !== storyStream(story)) return not(`The program may act in ${story} only.`);
  const act = actBehind(events);
  if (act === undefined) return undefined;
  if (allowed && !allowed.includes(act)) return not(`The program may not do ${act}.`);
  const needed = tokenRolesFor(act);
  if (!needed.some(role => roles.includes(role))) return not(`${act} needs the role ${needed.join(' or ')}.`);
  const other = rolesIn(events, hasTeam).find(role => !roles.includes(role));
  if (other === undefined) return undefined;
  return not(
    `The commit says that its author acted as ${other}; the certificate has ${roles.join(', ') || 'no role'}.`,
  );
}

/** The roles of a token in which the author acted. The field `as` of a link is no role. */
const rolesIn = (events: Events, hasTeam: boolean): string[] => {
  const ofTokens: readonly string[] = hasTeam ? everywhere : actingRoles;
  return events.flatMap(({ data }) => ('as' in data && ofTokens.includes(String(data.as)) ? [String(data.as)] : []));
};

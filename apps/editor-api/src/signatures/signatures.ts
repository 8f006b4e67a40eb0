import { fingerprintOf, signerOf, type Signer } from '#bundle';
import { isRefusal, leadsTo, refuse, system, type Before, type OpaqueEvent, type Refusal } from '#domain';
import type { Signed } from '#event-log';
import { ConfigError, Problem, type Principal, type SettingsOf, type TokenSettings } from '#platform';
import {
  beyondCertificate,
  Certificates,
  certifyingKey,
  checkSigned,
  isSignatureFault,
  mostSkewMs,
  newCertificate,
  OwnKey,
  signatureFaults,
  type AuthorKey,
  type Certificate,
  type SignatureFault,
  type SignedCommit,
  type Statement,
} from '#signatures';
import type { Submission } from '../commands/submission.js';
import type { SignInSettings } from '../sign-in/settings.js';
import type { signatureSettings } from './settings.js';

type Settings = SettingsOf<typeof signatureSettings> & TokenSettings & Pick<SignInSettings, 'OIDC_ISSUER'>;
type Decide = Submission['decide'];

/** A command whose signature was checked. */
export interface CheckedCommand {
  readonly signed: Signed;
  /** Why the command cannot be recorded now, although its signature is right. It may be in the log: then it gets its answer all the same. */
  readonly late: Problem | undefined;
  /**
   * Wraps the decision: refuses a late command, and events that an auditor could not derive from the signed command, or that the certificate
   * does not allow.
   */
  confirm(decide: Decide, stream: Pick<SignedCommit, 'stream' | 'by'>, before: BeforeIn): Decide;
}
type BeforeIn = (model: Parameters<Decide>[0]) => Before & { readonly hasTeam: boolean };

const wrong = ({ code, detail }: SignatureFault) =>
  new Problem(422, 'wrong-signature', `${signatureFaults[code]} ${detail}`, { fault: code });

/** Why a command with a right signature cannot be recorded at this time, if it cannot. */
function untimely({ time }: Statement, { iat, exp }: Certificate, now: number): SignatureFault | undefined {
  const recorded = new Date(now).toISOString();
  if (Math.abs(Date.parse(time) - now) > mostSkewMs)
    return { code: 'signed-out-of-time', detail: `It says ${time}; here it is ${recorded}. Set your clock.` };
  if (now < iat * 1_000 - mostSkewMs)
    return { code: 'not-certified', detail: `Here it is ${recorded}, before the certificate begins.` };
  if (exp * 1_000 <= now) return { code: 'not-certified', detail: 'The certificate has ended. Ask for a new one.' };
  return undefined;
}

/** Certifies the keys of authors, and checks what they sign. Without a certifying key it certifies none, and every command is unsigned. */
export class Signatures {
  private readonly certificates = new Certificates();
  /** The key with which this process signs what it does itself. */
  private readonly own: OwnKey | undefined;

  constructor(
    readonly policy: 'accepted' | 'required' = 'accepted',
    private readonly signer: Signer | undefined = undefined,
    private readonly issuer = '',
    /** The log's name. */
    private readonly log: () => string = () => '',
  ) {
    this.own = signer && new OwnKey(jwk => newCertificate(signer, { ...this.who(system.id), roles: [] }, jwk));
  }

  get certifies(): boolean {
    return this.signer !== undefined;
  }

  /** Throws a ConfigError if signatures are required and no key certifies authors. */
  static async of(settings: Settings, log: () => string): Promise<Signatures> {
    const { SIGNATURES: policy, OIDC_ISSUER, JWT_ISSUER } = settings;
    const key = await certifyingKey(settings);
    if (!key && policy === 'required')
      throw new ConfigError('SIGNATURES=required needs CERTIFYING_KEY_FILE: the key that certifies authors’ keys.');
    return new Signatures(policy, key && (await signerOf(key)), OIDC_ISSUER ?? JWT_ISSUER, log);
  }

  private who = (sub: string) => ({ sub, iss: this.issuer, log: this.log() });

  /** Certifies a key for a person or a program. */
  async certify({ id, name, roles, ends, machine }: Principal, jwk: AuthorKey) {
    if (!this.signer)
      throw new Problem(404, 'no-certificates', 'This newsroom certifies no keys. Send commands without a signature.');
    const now = Date.now();
    const who = { ...this.who(id), ...(name !== undefined && { name }), roles: [...roles] };
    const certificate = await newCertificate(
      this.signer,
      { ...who, ...(machine && { ...machine, acts: [...machine.acts] }) },
      jwk,
      ends,
      now,
    );
    const opened = await this.certificates.open(certificate);
    if (!opened) throw new Problem(422, 'invalid-field', 'x: with y it is no point of P-256.');
    const expires = new Date(opened.certificate.exp * 1_000).toISOString();
    return { certificate, expires, now: new Date(now).toISOString(), log: who.log, by: id, signatures: this.policy };
  }

  /**
   * Checks the signature that came with a command, at an instant in milliseconds since 1970. Undefined if none came. Throws a problem if it is
   * wrong, or missing and required.
   */
  async checked(
    signed: Signed | undefined,
    command: Omit<SignedCommit, 'log' | 'recorded'>,
    now = Date.now(),
  ): Promise<CheckedCommand | undefined> {
    if (!signed) {
      if (this.policy === 'accepted') return undefined;
      throw new Problem(
        403,
        'signature-required',
        'This newsroom accepts signed commands only. Have your key certified.',
      );
    }
    if (!this.signer) throw new Problem(422, 'wrong-signature', 'This newsroom certifies no keys: send no signature.');
    const opened = await this.certificates.open(signed.certificate);
    const commit = { ...command, log: this.log(), recorded: undefined };
    const found = checkSigned(signed, opened, commit, [fingerprintOf(this.signer.kid)]);
    if (isSignatureFault(found)) throw wrong(found);
    const fault = untimely(found, opened!.certificate, now);
    const { commandHash } = command;
    const confirmed = (
      decided: OpaqueEvent[] | Refusal,
      stream: Pick<SignedCommit, 'stream' | 'by'>,
      before: ReturnType<BeforeIn>,
    ) => {
      if (isRefusal(decided) || decided.length === 0) return decided;
      const beyond = beyondCertificate(opened!, stream, decided, before.hasTeam);
      if (beyond) return refuse('not-as-signed', { detail: `${signatureFaults[beyond.code]} ${beyond.detail}` });
      const led = { ...stream, recorded: new Date(now).toISOString(), events: decided };
      return leadsTo(commandHash, led, before) === false ? refuse('not-as-signed') : decided;
    };
    return {
      signed,
      late: fault && wrong(fault),
      confirm: (decide, stream, before) => (model, secrets) =>
        fault
          ? refuse('not-as-signed', { detail: fault.detail })
          : confirmed(decide(model, secrets), stream, before(model)),
    };
  }

  /** Signs a command of the newsroom itself with the key of this process. */
  async sign(submission: Submission): Promise<Submission> {
    if (!this.own) return submission;
    const { by, command, commandHash: commandhash, stream } = submission;
    const signed = await this.own.sign({ by: by.id, command, commandhash, log: this.log(), stream });
    return { ...submission, signed };
  }
}

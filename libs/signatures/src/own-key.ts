import type { Signer } from '#bundle';
import type { Signed } from '#event-log';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { certify, type Certificate } from './certificate.js';
import { AuthorKey } from './jws.js';
import { signStatement, type Statement } from './statement.js';

/** How long a certificate is valid, in seconds. A key is of no use for that long after its session has ended. */
export const certificateS = 900;

/** A key that only this process has, certified for one author: the service itself, or a program. */
export class OwnKey {
  private readonly privateKey: KeyObject;
  readonly jwk: AuthorKey;
  /** `from` and `until`: the instants, in milliseconds since 1970, between which the key signs with it. */
  private held: { readonly certificate: Promise<string>; readonly from: number; readonly until: number } | undefined;

  constructor(private readonly certified: (key: AuthorKey) => Promise<string>) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = privateKey;
    this.jwk = AuthorKey.parse(publicKey.export({ format: 'jwk' }));
  }

  /** Signs a command. `now`: milliseconds since 1970. */
  async sign(about: Omit<Statement, 'time'>, now = Date.now()): Promise<Signed> {
    // After the clock was put back a certificate may begin in the future, and then certifies nothing that is signed now.
    if (!this.held || now < this.held.from || now >= this.held.until)
      this.held = { certificate: this.certified(this.jwk), from: now, until: now + (certificateS * 1_000) / 2 };
    const { certificate } = this.held;
    const command = signStatement(this.privateKey, { ...about, time: new Date(now).toISOString() });
    try {
      return { certificate: await certificate, command };
    } catch (error) {
      this.held = undefined;
      throw error;
    }
  }
}

/** A certificate from now on, for `certificateS` or until `ends` (milliseconds since 1970). */
export function newCertificate(
  signer: Signer,
  who: Omit<Certificate, 'cnf' | 'iat' | 'exp'>,
  jwk: AuthorKey,
  ends = Infinity,
  now = Date.now(),
): Promise<string> {
  const iat = Math.floor(now / 1_000);
  return certify(signer, { ...who, cnf: { jwk }, iat, exp: Math.min(iat + certificateS, Math.floor(ends / 1_000)) });
}

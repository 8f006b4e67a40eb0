import { BadSignature, openSigned, type Signer } from '#bundle';
import { Author, canonicalJson, StoryId } from '#domain';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { AuthorKey, publicKeyOf } from './jws.js';

/** The media type in the header of a certificate. A stored name: it never changes. */
export const certificateType = 'dateline-certificate+jws';

/** A newsroom's word that a key is a person's, or a program's, from `iat` to `exp`. The names of the claims are those of JWT and RFC 7800. */
export const Certificate = z
  .strictObject({
    cnf: z.strictObject({ jwk: AuthorKey }),
    exp: z.int().positive().meta({ description: 'When it ends, in seconds since 1970.' }),
    iat: z.int().positive(),
    iss: z.string().max(500).meta({ description: 'Who says that this is the person: the issuer of the sign-in.' }),
    log: z.string().max(300).meta({ description: 'The name of the log that the key may sign commands for.' }),
    name: Author.shape.name,
    roles: z.array(z.string().max(40)).max(10),
    sub: Author.shape.id,
    /** Of a program; `maker` made its token. */
    maker: Author.shape.id.optional(),
    acts: z.array(z.string().max(100)).max(100).optional(),
    story: StoryId.optional(),
  })
  .meta({ id: 'Certificate', description: 'The payload of a certificate.' });
export type Certificate = z.infer<typeof Certificate>;

/** A certificate whose signature fits its own key. Whose key that is must be checked apart. */
export interface OpenedCertificate {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  /** The RFC 7638 thumbprint of the certifying key. */
  readonly certifier: string;
  /** Whether that key is marked for local use only. */
  readonly dev: boolean;
}

/** Signs a certificate. */
export const certify = (signer: Signer, certificate: Certificate): Promise<string> =>
  signer.sign(certificateType, canonicalJson(certificate));

async function opened(jws: string): Promise<OpenedCertificate | undefined> {
  try {
    const { payload, fingerprint, dev } = await openSigned(certificateType, jws);
    const certificate = Certificate.parse(JSON.parse(payload));
    const key = publicKeyOf(certificate.cnf.jwk);
    return key && { certificate, key, certifier: fingerprint, dev };
  } catch (error) {
    if (error instanceof BadSignature || error instanceof z.ZodError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The most certificates that a process keeps open. */
export const certificatesKept = 1_000;

/** Opens certificates, each once: a session's commands carry the same one. */
export class Certificates {
  private readonly kept = new Map<string, Promise<OpenedCertificate | undefined>>();

  /** Undefined if the text is no certificate, or its signature does not fit its key. */
  open(jws: string): Promise<OpenedCertificate | undefined> {
    const known = this.kept.get(jws);
    if (known) return known;
    const opening = opened(jws);
    this.kept.set(jws, opening);
    if (this.kept.size > certificatesKept) this.kept.delete(this.kept.keys().next().value!);
    return opening;
  }
}

import { z } from 'zod';

const coordinate = z
  .string()
  .regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url')
  .meta({ description: 'A coordinate of a public key on P-256, as in its JWK (RFC 7517): 32 bytes in base64url.' });

/** The public half of a key on P-256 that a client made and keeps: the coordinates of its JWK. */
export const PublicKey = z.strictObject({ x: coordinate, y: coordinate });
export type PublicKey = z.infer<typeof PublicKey>;

/** A certificate, with what a client needs to sign commands. */
export const MadeCertificate = z
  .object({
    certificate: z.string().meta({ description: 'A compact JWS, for the header Dateline-Certificate.' }),
    expires: z.iso.datetime(),
    now: z.iso.datetime().meta({ description: 'The newsroom’s clock: sign with it, and your own clock may be wrong.' }),
    log: z.string().meta({ description: 'The log’s name, which every signature covers.' }),
    by: z.string().meta({ description: 'Your id, which every signature covers.' }),
    signatures: z.enum(['accepted', 'required']),
  })
  .meta({ id: 'MadeCertificate' });
export type MadeCertificate = z.infer<typeof MadeCertificate>;

import { z } from 'zod';

const coordinate = z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url');

/** The public half of a key that a client made and keeps. */
export const NewKey = z
  .strictObject({
    key: z
      .strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
      .meta({ id: 'AuthorKey', description: 'The public half of a key for ES256, as a JWK (RFC 7517).' }),
  })
  .meta({ id: 'NewKey' });
export type NewKey = z.infer<typeof NewKey>;

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

import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** How long the keys at an address are kept, and when they are read again, in milliseconds. */
export interface KeysLast {
  /** Older keys are read again before they are used. */
  readonly maxAgeMs: number;
  /** Older keys are read again for a token that names an unknown key. */
  readonly againMs: number;
  /** How long reading them may take. Default: 5,000. */
  readonly timeoutMs?: number;
}

/**
 * The public keys at an address (a JWKS), for `jwtVerify`. Their age is measured by `performance.now()`: jose's own measure keeps withdrawn
 * keys for as long as the clock was put back. Rejects with errors of jose.
 */
export function remoteKeys(url: string, { maxAgeMs, againMs, timeoutMs = 5_000 }: KeysLast): JWTVerifyGetKey {
  const never = { cacheMaxAge: Infinity, cooldownDuration: Infinity };
  const keys = createRemoteJWKSet(new URL(url), { ...never, timeoutDuration: timeoutMs });
  let readAt = -Infinity;
  const read = async () => {
    await keys.reload();
    readAt = performance.now();
  };
  return async (header, token) => {
    if (performance.now() - readAt >= maxAgeMs) await read();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || performance.now() - readAt < againMs) throw error;
      await read();
      return keys(header, token);
    }
  };
}

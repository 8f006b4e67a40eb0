import { Author } from '#domain';
import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Settings } from './config.js';
import { publicKeys } from './dev-key.js';
import { Problem } from './problem.js';

export const roles = ['reporter', 'editor', 'legal', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** Who a token speaks for. */
export interface Principal {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

const Claims = z.object({
  sub: Author.shape.id,
  name: Author.shape.name.or(z.literal('')),
  roles: z.array(z.string()).default([]),
});

type AuthSettings = Pick<Settings, 'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'DEV_KEY_FILE'>;

// What jose throws for keys that did not come, rather than for a token that is wrong.
const keysMissing = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
const isTokenFault = (error: unknown) =>
  error instanceof z.ZodError || (error instanceof errors.JOSEError && !keysMissing.includes(error.code));

/** Checks a token's signature, issuer, audience and times; any fault of it is a 401, keys that cannot be had are a 503. */
export class TokenVerifier {
  private readonly logger = new Logger('auth');
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly settings: AuthSettings) {
    this.keys = settings.JWKS_URL
      ? createRemoteJWKSet(new URL(settings.JWKS_URL))
      : createLocalJWKSet({ keys: publicKeys(settings.DEV_KEY_FILE) });
  }

  async verify(token: string): Promise<Principal> {
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.keys, { issuer, audience, requiredClaims: ['sub', 'exp'] });
      const { sub: id, name, roles } = Claims.parse(payload);
      return { id, roles, ...(name ? { name } : {}) };
    } catch (error) {
      if (!isTokenFault(error)) {
        this.logger.warn(error);
        throw new Problem(
          503,
          'sign-in-unavailable',
          'The keys that tokens are checked with cannot be had; try again.',
        );
      }
      const why =
        error instanceof errors.JWTExpired
          ? 'The token has expired.'
          : 'The token is not one that this newsroom accepts.';
      throw new Problem(401, 'wrong-token', `${why} Send Authorization: Bearer with a valid one.`);
    }
  }
}

/** The roles that may call a route; a route without it is open to nobody. */
export const Allow = Reflector.createDecorator<Role[]>();
export type Authenticated = Request & { principal: Principal };

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Authenticated>();
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Problem(401, 'no-token', 'Send Authorization: Bearer with a token of this newsroom.');
    request.principal = await this.verifier.verify(token);
    const allowed = this.reflector.getAllAndOverride(Allow, [context.getHandler(), context.getClass()]) ?? [];
    if (allowed.some(role => request.principal.roles.includes(role))) return true;
    throw new Problem(403, 'wrong-role', `This takes the role ${allowed.join(' or ')}.`, { allowed });
  }
}

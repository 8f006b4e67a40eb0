import type { Request } from 'express';
import type { Principal } from './principal.js';

/** The person behind a request, and when the credentials were issued, in milliseconds since 1970. */
export interface Identified {
  readonly principal: Principal;
  readonly issued: number;
}

/** A way to sign in other than a signed token. */
export interface Credentials {
  /**
   * Who sent the request; undefined if it has no credentials of this kind. Rejects with `Refused` if they are not valid. An answer may be
   * at most a second old.
   */
  of(request: Pick<Request, 'headers' | 'method'>): Promise<Identified> | undefined;
}

import { hkdfSync, randomBytes, createHash } from 'node:crypto';
import type { CookieOptions } from 'express';

/** How long a person may take to sign in at the issuer, in milliseconds. */
export const signingInMs = 600_000;

/** The cookies of the desk. Over https their names have a prefix that no subdomain and no page over http can set. */
export class Cookies {
  readonly session: string;
  readonly signingIn: string;
  private readonly secure: boolean;

  /** `origin`: where editors' browsers reach the editor-api. Browsers keep secure cookies for https alone. */
  constructor(origin: string) {
    this.secure = new URL(origin).protocol === 'https:';
    const prefix = this.secure ? '__Host-' : '';
    this.session = `${prefix}dateline`;
    this.signingIn = `${prefix}dateline-signing-in`;
  }

  /** No other site's page can make a browser send the session. */
  get ofSession(): CookieOptions {
    return { httpOnly: true, secure: this.secure, sameSite: 'strict', path: '/' };
  }

  /** The browser comes back from the issuer, another site, so this one is sent with links from there. */
  get ofSigningIn(): CookieOptions {
    return { httpOnly: true, secure: this.secure, sameSite: 'lax', path: '/', maxAge: signingInMs };
  }
}

/** The value of a cookie that we set: base64url only. Undefined if there is none, or several. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(`${name}=`))
    .map(part => part.slice(name.length + 1));
  return values.length === 1 && /^[\w.-]{1,2000}$/.test(values[0]!) ? values[0] : undefined;
}

/** A new secret for a session's cookie: 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Whether a cookie's value has the form of a session's secret. Nothing else is looked up. */
export const isSecret = (value: string): boolean => /^[\w-]{43}$/.test(value);

/** The id of a session's row: a hash of the secret, from which nobody finds the secret. */
export const idOf = (secret: string): Buffer => createHash('sha256').update(`dateline session ${secret}`).digest();

/** The key that seals a session's row. */
export const keyOf = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'dateline session row', 32));

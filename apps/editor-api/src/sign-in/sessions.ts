import { Problem, Refused, type Credentials, type Identified } from '#platform';
import { Logger } from '@nestjs/common';
import type { Request } from 'express';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { cookieIn, idOf, isSecret, keyOf, newSecret, type Cookies } from './cookies.js';
import { failureOf, isOver } from './failures.js';
import type { Grant, Issuer, IssuerSettings } from './issuer.js';
import type { Ended } from './logout-token.js';
import type { SessionRow, SessionStore } from './store.js';

/** How long this process believes what it read of a session, in milliseconds: a sign-out in another process holds after that. */
const believedMs = 500;
/** The most sessions of which that is remembered. */
export const sessionsKept = 1_000;
/** How long one process has the turn to ask the issuer, in milliseconds: longer than two answers of it may take. */
const turnMs = 15_000;
/** How long a request waits for another process's turn to end, in milliseconds, and how often it looks. */
const [waitMs, lookMs] = [12_000, 100];

/** The content of a session's row. */
interface Content extends Grant {
  /** When the person signed in, in milliseconds since 1970. */
  readonly since: number;
}

const seal = (content: Content, secret: string) =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(keyOf(secret));

const unseal = async (sealed: string, secret: string): Promise<Content> => {
  const { plaintext } = await compactDecrypt(sealed, keyOf(secret));
  return JSON.parse(new TextDecoder().decode(plaintext)) as Content;
};

const hashOf = (name: string | undefined) => (name === undefined ? null : createHash('sha256').update(name).digest());
const namedBy = ({ sub, sid }: Ended) => ({ subject: hashOf(sub), issuerSession: hashOf(sid) });

const signedOut = (why: string) =>
  new Refused(401, 'signed-out', 'You are signed out, or your rights have ended. Sign in again.', why);

const unavailable = (what: string) =>
  new Problem(503, 'sign-in-unavailable', `${what} Nothing was done; try again in a minute.`);

/** Whether a page of another origin made the browser send this. Browsers say so, and scripts cannot change what they say. */
export function isForeign({ headers, method }: Pick<Request, 'headers' | 'method'>, origin: string): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return !(site === 'same-origin' || (site === 'none' && reads));
  return headers.origin === undefined ? !reads : headers.origin !== origin;
}

/** The sessions of people who have signed in at the issuer. The browser holds a secret, Postgres the rest, sealed under it. */
export class Sessions implements Credentials {
  private readonly logger = new Logger('auth');
  private readonly origin: string;
  /** `until`: by `performance.now()`, because a clock that is put back would make it last. */
  private readonly believed = new Map<string, Identified & { readonly until: number }>();
  private readonly looking = new Map<string, Promise<Identified>>();

  constructor(
    private readonly settings: IssuerSettings,
    private readonly issuer: Issuer,
    private readonly store: SessionStore,
    private readonly cookies: Cookies,
  ) {
    this.origin = new URL(settings.EDITOR_URL).origin;
  }

  /** Begins a session and returns its secret, for the cookie. */
  async begin({ sid, ...grant }: Grant & { readonly sid?: string }): Promise<string> {
    const secret = newSecret();
    const sealed = await seal({ ...grant, since: Date.now() }, secret);
    const named = namedBy({ sub: grant.person.id, sid });
    await this.stored(this.store.add(idOf(secret), sealed, this.settings.SESSION_MAX_S, named));
    return secret;
  }

  /** Ends the sessions that the issuer names, in every process within half a second. Returns how many. */
  async endNamed(ended: Ended): Promise<number> {
    this.believed.clear();
    return this.stored(this.store.removeNamed(namedBy(ended)));
  }

  /** Ends the request's session, here and at the issuer. Whether another site sent it is for the caller to check. */
  async end(request: Pick<Request, 'headers'>): Promise<void> {
    const secret = this.secretIn(request);
    if (secret !== undefined) await this.remove(secret);
  }

  /** What names the request's session and opens nothing: an id by which a sign-in can end the session before it. */
  before(request: Pick<Request, 'headers'>): string | undefined {
    const secret = this.secretIn(request);
    return secret === undefined ? undefined : idOf(secret).toString('base64url');
  }

  /** Ends the session with this id here, and with it the only copy of its refresh token. */
  async endBefore(before: string): Promise<void> {
    const id = Buffer.from(before, 'base64url');
    this.believed.delete(id.toString('hex'));
    await this.stored(this.store.remove(id));
  }

  private async remove(secret: string): Promise<void> {
    this.believed.delete(idOf(secret).toString('hex'));
    const sealed = await this.stored(this.store.remove(idOf(secret)));
    if (sealed === undefined) return;
    await this.issuer.revoke(await unseal(sealed, secret)).catch((error: unknown) => {
      this.logger.warn({ why: failureOf(error).why }, 'the issuer did not answer a sign-out');
    });
  }

  isForeign = (request: Pick<Request, 'headers' | 'method'>): boolean => isForeign(request, this.origin);

  of(request: Pick<Request, 'headers' | 'method'>): Promise<Identified> | undefined {
    if (request.headers.authorization !== undefined) return undefined;
    const secret = this.secretIn(request);
    if (secret === undefined) return undefined;
    if (!this.isForeign(request)) return this.identify(secret);
    const detail = 'Another site’s page sent this request, so your session was not used.';
    return Promise.reject(new Refused(403, 'other-site', detail, 'other site'));
  }

  private secretIn({ headers }: Pick<Request, 'headers'>): string | undefined {
    const value = cookieIn(headers.cookie, this.cookies.session);
    return value !== undefined && isSecret(value) ? value : undefined;
  }

  /** Requests that come together look once. */
  private identify(secret: string): Promise<Identified> {
    const key = idOf(secret).toString('hex');
    const known = this.believed.get(key);
    if (known && performance.now() < known.until && Date.now() < known.principal.ends) return Promise.resolve(known);
    this.believed.delete(key);
    const looking =
      this.looking.get(key) ??
      this.look(secret)
        .then(found => {
          this.believed.set(key, { ...found, until: performance.now() + believedMs });
          if (this.believed.size > sessionsKept) this.believed.delete(this.believed.keys().next().value!);
          return found;
        })
        .finally(() => this.looking.delete(key));
    this.looking.set(key, looking);
    return looking;
  }

  private async look(secret: string): Promise<Identified> {
    const id = idOf(secret);
    const old = this.settings.SESSION_CHECK_S * 1_000;
    const idle = this.settings.SESSION_IDLE_S * 1_000;
    for (const end = performance.now() + waitMs; performance.now() < end; await pause(lookMs)) {
      const row = await this.stored(this.store.find(id));
      if (!row) throw signedOut('no session');
      if (row.age >= idle) {
        await this.remove(secret);
        throw signedOut('idle');
      }
      if (row.age < old) return identified(await unseal(row.sealed, secret), row);
      const turn = await this.stored(this.store.take(id, old, turnMs));
      if (turn) return this.renewed(secret, turn);
    }
    throw unavailable('The issuer has not confirmed your rights yet.');
  }

  /** Asks the issuer, in this process's turn. */
  private async renewed(secret: string, row: SessionRow): Promise<Identified> {
    const id = idOf(secret);
    const content = await unseal(row.sealed, secret);
    let grant: Grant;
    try {
      const { since } = content;
      grant = await this.issuer.renew(content, async rotated =>
        this.stored(this.store.replace(id, await seal({ ...rotated, since }, secret))),
      );
    } catch (error) {
      const { why } = failureOf(error);
      if (isOver(error)) {
        await this.stored(this.store.remove(id));
        throw signedOut(`the issuer: ${why}`);
      }
      await this.store.leave(id).catch(() => undefined);
      if (error instanceof Problem) throw error;
      this.logger.warn({ why }, 'the issuer did not confirm a session');
      throw unavailable('The issuer does not confirm your rights right now.');
    }
    const renewed = { ...grant, since: content.since };
    // A sign-out meanwhile wins.
    if (!(await this.stored(this.store.confirm(id, await seal(renewed, secret))))) throw signedOut('no session');
    return identified(renewed, row);
  }

  /** The store's answer, or a 503. */
  private async stored<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      return await asked;
    } catch (error) {
      this.logger.warn({ why: (error as Error).message }, 'the sessions are unavailable');
      throw unavailable('The database of sessions does not answer.');
    }
  }
}

const identified = ({ person, since }: Content, { left }: Pick<SessionRow, 'left'>): Identified => ({
  principal: { ...person, ends: Date.now() + left },
  issued: since,
});

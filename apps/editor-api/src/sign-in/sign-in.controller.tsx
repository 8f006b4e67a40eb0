import { asset, renderDocument, sendPage } from '#pages';
import { Problem, TakesForm } from '#platform';
import { Controller, Get, HttpCode, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { cookieIn, type Cookies } from './cookies.js';
import { failureOf, failures, SignInFailed, type Failure } from './failures.js';
import type { Begun, Issuer } from './issuer.js';
import type { Sessions } from './sessions.js';

/** Where to go after the sign-in: a page of the desk, and never another site. */
const To = z
  .string()
  .regex(/^\/desk(\/[\w-]{1,200}(\/machines)?)?$/)
  .catch('/desk');

const To_ = z.strictObject({ to: To.default('/desk') });
const Failed = z.strictObject({
  why: z.enum(Object.keys(failures) as [Failure, ...Failure[]]).catch('refused'),
  to: To.default('/desk'),
});
/** Issuers add more parameters. */
const Returned = z.looseObject({});

/** What the browser keeps between the beginning of a sign-in and its end. `before`: the id of the session that it had. */
const Kept = z.object({
  ...{ state: z.string(), nonce: z.string(), verifier: z.string(), to: To },
  before: z.string().optional(),
});
const keptAs = (begun: Begun & { readonly to: string; readonly before: string | undefined }) =>
  Buffer.from(JSON.stringify(begun)).toString('base64url');
const keptIn = (value: string | undefined) => {
  try {
    return Kept.parse(JSON.parse(Buffer.from(value ?? '', 'base64url').toString()));
  } catch {
    throw new SignInFailed('state', 'no cookie of a sign-in');
  }
};

/** The parts of the desk's sign-in. */
export class SignIn {
  constructor(
    readonly issuer: Issuer,
    readonly sessions: Sessions,
    readonly cookies: Cookies,
  ) {}
}

/** An answer that names no address in a Referer and that nobody keeps. */
function privately(response: Response): void {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
}

const badLogout = (detail: string) => new Problem(400, 'bad-logout-token', detail);

@Controller()
@ApiExcludeController()
/** Signs people in at the issuer and out again. Browsers alone use it. */
export class SignInController {
  private readonly logger = new Logger('auth');

  constructor(private readonly signIn: SignIn) {}

  @Get('sign-in')
  async begin(
    @Query({ schema: To_ }) { to }: z.infer<typeof To_>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { issuer, sessions, cookies } = this.signIn;
    privately(response);
    // After another site's link the browser does not send the session that this sign-in ends. After a link of the desk's page it does.
    if (request.headers['sec-fetch-site'] === 'cross-site') return response.redirect(303, to);
    try {
      const { url, ...begun } = await issuer.begin();
      // The browser does not send the session when it comes back from another site, the issuer's.
      const kept = keptAs({ ...begun, to, before: sessions.before(request) });
      response.cookie(cookies.signingIn, kept, cookies.ofSigningIn).redirect(303, url);
    } catch (error) {
      this.failed(error, to, response);
    }
  }

  @Get('sign-in/callback')
  async finish(
    @Query({ schema: Returned }) _: z.infer<typeof Returned>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { issuer, sessions, cookies } = this.signIn;
    privately(response);
    let to = '/desk';
    try {
      const kept = keptIn(cookieIn(request.headers.cookie, cookies.signingIn));
      to = kept.to;
      // Each sign-in can be finished once.
      response.clearCookie(cookies.signingIn, cookies.ofSigningIn);
      const query = request.url.split('?').slice(1).join('?');
      if (new URLSearchParams(query).get('state') !== kept.state) throw new SignInFailed('state', 'another state');
      const grant = await issuer.finish(query, kept);
      await sessions.end(request);
      if (kept.before !== undefined) await sessions.endBefore(kept.before);
      const secret = await sessions.begin(grant);
      this.logger.log({ who: grant.person.id }, 'signed in');
      response.cookie(cookies.session, secret, cookies.ofSession).redirect(303, to);
    } catch (error) {
      this.failed(error, to, response);
    }
  }

  /** The browser leaves the address with the issuer's code, also when nothing came of it. */
  private failed(error: unknown, to: string, response: Response): void {
    const { failure, why } = failureOf(error);
    this.logger.warn({ failure, why }, 'sign-in failed');
    response.redirect(303, `/sign-in/failed?${new URLSearchParams({ why: failure, to }).toString()}`);
  }

  @Get('sign-in/failed')
  explain(@Query({ schema: Failed }) { why, to }: z.infer<typeof Failed>, @Res() response: Response): void {
    const { status, text } = failures[why];
    const style = asset('desk-style');
    const head = {
      ...({ title: 'You are not signed in', language: 'en', dir: 'ltr' } as const),
      more: <link rel="stylesheet" href={style.url} integrity={style.integrity} />,
    };
    const page = (
      <div id="desk">
        <header class="masthead">
          <a class="wordmark" href="/desk">
            Dateline
          </a>
          <span class="hint">Desk</span>
        </header>
        <main id="content" class="start">
          <h1 class="title">You are not signed in</h1>
          <p>{text}</p>
          <p class="buttons">
            <a class="button button-main" href={`/sign-in?${new URLSearchParams({ to }).toString()}`}>
              Try again
            </a>
          </p>
        </main>
      </div>
    );
    sendPage(response, renderDocument(head, page), status);
    privately(response);
  }

  /** The issuer calls it when it ends a session: OpenID Connect Back-Channel Logout. */
  @Post('sign-out/by-issuer')
  @HttpCode(200)
  @TakesForm()
  async endByIssuer(@Req() { body }: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const { issuer, sessions } = this.signIn;
    privately(response);
    const { logout_token: token } = body as Readonly<Record<string, string>>;
    if (token === undefined) throw badLogout('There is no logout_token in the form.');
    const ended = await issuer.ended(token).catch((error: unknown) => {
      const { failure, why } = failureOf(error);
      this.logger.warn({ failure, why }, 'a logout token was not accepted');
      if (failure === 'refused') throw badLogout('It is not a logout token of the issuer for this client.');
      throw new Problem(
        503,
        'sign-in-unavailable',
        'The issuer’s keys are unavailable. Send the token again in a minute.',
      );
    });
    this.logger.log({ sessions: await sessions.endNamed(ended) }, 'signed out by the issuer');
  }

  @Post('sign-out')
  @HttpCode(200)
  async end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<{ next: string | null }> {
    const { issuer, sessions, cookies } = this.signIn;
    privately(response);
    if (sessions.isForeign(request))
      throw new Problem(403, 'other-site', 'Another site’s page sent this request, so you stay signed in.');
    await sessions.end(request);
    response.clearCookie(cookies.session, cookies.ofSession);
    return { next: (await issuer.signOutUrl().catch(() => undefined)) ?? null };
  }
}

import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { routeOf } from '../telemetry/requests.js';
import { Refused, type Principal } from './principal.js';
import { TokenVerifier } from './token.js';

/** The most log lines per minute about unidentified callers; the rest is counted in one line. */
export const anonymousLines = 100;
const minuteMs = 60_000;

/** Logs refused requests: who, what, where from and why. Never logs a token or any other text of the request. */
export class RefusalLog {
  private begun = -Infinity;
  private lines = 0;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `who` is the subject of a verified token; undefined if there was none. */
  log(request: Request, { details: { status, code }, why }: Refused, who: string | undefined): void {
    if (who === undefined && !this.mayLog()) return;
    const { method, ip } = request;
    this.logger.warn(
      { who: who ?? null, route: `${method} ${routeOf(request)}`, status, code, why, address: ip },
      'refused',
    );
  }

  /** Anonymous requests must neither fill the disk nor hide the lines about known people. */
  private mayLog(): boolean {
    const now = this.now();
    if (now - this.begun >= minuteMs) {
      if (this.lines > anonymousLines)
        this.logger.warn({ refused: this.lines - anonymousLines }, 'more were refused and not logged');
      [this.begun, this.lines] = [now, 0];
    }
    return ++this.lines <= anonymousLines;
  }
}

/** The roles that a token may carry. `managing` names the members of every story's team, and sees all. */
export const roles = ['reporter', 'editor', 'managing', 'legal', 'auditor'] as const;
/** A role that a token may give. */
export type Role = (typeof roles)[number];

/** The roles that may call a route. A route without it refuses everyone. */
export const Allow = Reflector.createDecorator<Role[]>();
/**
 * The act that a route performs, for the tokens of programs; several if one of them is enough; `any` if each token may use it. A route
 * without it refuses programs.
 */
export const ForMachines = Reflector.createDecorator<string | readonly string[]>();
/** A request that the guard admitted, with its principal. */
export type Authenticated = Request & { principal: Principal };

/** Admits callers with a role that the route allows. Caches must not store guarded answers, refusals included. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly log = new RefusalLog(new Logger('auth'));

  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Authenticated>();
    http.getResponse<Response>().setHeader('Cache-Control', 'no-store');
    try {
      request.principal = await this.verifier.ofRequest(request);
      this.checkMachine(context, request);
      const allowed = this.reflector.getAllAndOverride(Allow, [context.getHandler(), context.getClass()]) ?? [];
      if (allowed.some(role => request.principal.roles.includes(role))) return true;
      const detail = `This needs the role ${allowed.join(' or ')}.`;
      throw new Refused(403, 'wrong-role', detail, `not ${allowed.join(' or ')}`, { allowed });
    } catch (error) {
      if (error instanceof Refused) this.log.log(request, error, request.principal?.id);
      throw error;
    }
  }

  /** A program may do what its token lists, in its story. */
  private checkMachine(context: ExecutionContext, { principal: { machine }, params }: Authenticated): void {
    if (!machine) return;
    const act = this.reflector.getAllAndOverride(ForMachines, [context.getHandler(), context.getClass()]);
    if (act === 'any') return;
    if (act === undefined || ![act].flat().some(one => machine.acts.includes(one)))
      throw new Refused(403, 'wrong-act', 'This program’s token does not allow this.', 'not an act of the token', {
        allowed: machine.acts,
      });
    if (params.story !== machine.story)
      throw new Refused(403, 'wrong-story', 'This program’s token is for another story.', 'another story');
  }
}

import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { RefusalLog } from './refusal-log.js';
import { Refused, TokenVerifier, type Principal } from './token.js';

/** The roles that a token may carry. */
export const roles = ['reporter', 'editor', 'legal', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** The roles that may call a route. A route without it refuses everyone. */
export const Allow = Reflector.createDecorator<Role[]>();
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
      const allowed = this.reflector.getAllAndOverride(Allow, [context.getHandler(), context.getClass()]) ?? [];
      if (allowed.some(role => request.principal.roles.includes(role))) return true;
      const detail = `This needs the role ${allowed.join(' or ')}.`;
      throw new Refused(403, 'wrong-role', detail, `not ${allowed.join(' or ')}`, { allowed });
    } catch (error) {
      if (error instanceof Refused) this.log.tell(request, error, request.principal?.id);
      throw error;
    }
  }
}

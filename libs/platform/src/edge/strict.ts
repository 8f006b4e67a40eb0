import {
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { invalid, Problem } from '../problem.js';
import { hasBody, inheritedKeys, readBody, readForm } from './body.js';

interface Taken {
  readonly query: boolean;
  readonly body: boolean;
  readonly form: boolean;
}

type Arguments = Readonly<Record<string, { readonly schema?: unknown; readonly data?: unknown }>>;

const takesBytes = 'takes-bytes';
/** Marks a route that reads its body itself, as a stream of bytes. */
export const TakesBytes = () => SetMetadata(takesBytes, true);

const takesForm = 'takes-form';
/** Marks a route whose body is a form (`application/x-www-form-urlencoded`) and not JSON: another system's protocol says so. */
export const TakesForm = () => SetMetadata(takesForm, true);

/** Derives the input of a route from the schemas of its parameters, so that there is no second list. */
function takenBy(controller: Type, handler: ReturnType<ExecutionContext['getHandler']>): Taken {
  const given: Arguments = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {};
  const ofType = (type: RouteParamtypes) =>
    Object.entries(given).flatMap(([key, argument]) => (key.startsWith(`${type}:`) ? [argument] : []));
  const checked = [RouteParamtypes.PARAM, RouteParamtypes.QUERY, RouteParamtypes.BODY].flatMap(ofType);
  if (checked.some(({ schema }) => !schema))
    throw new Error(`${controller.name}.${handler.name} accepts a parameter, a query or a body without a schema.`);
  return {
    query: ofType(RouteParamtypes.QUERY).length > 0,
    body: ofType(RouteParamtypes.BODY).length > 0,
    form: Reflect.getMetadata(takesForm, handler) === true,
  };
}

const unknown = (name: string) => ({ path: [name], message: 'unknown parameter; remove it' });

/**
 * Reads the request only after its guards have admitted it, and refuses input that its route does not take: query parameters, a body,
 * or fields of a body. So refused callers cost no work, and no input is ignored silently.
 */
@Injectable()
export class StrictRequests implements NestInterceptor {
  private readonly taken = new Map<unknown, Taken>();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const handler = context.getHandler();
    const takes = this.taken.get(handler) ?? takenBy(context.getClass(), handler);
    this.taken.set(handler, takes);
    checkQuery(request, takes);
    if (Reflect.getMetadata(takesBytes, handler)) return next.handle();
    request.body = await bodyOf(request, http.getResponse<Response>(), takes);
    return next.handle();
  }
}

function checkQuery({ query }: Request, takes: Taken): void {
  const faults = takes.query ? inheritedKeys(query) : Object.keys(query).map(unknown);
  if (faults.length > 0) throw invalid(faults);
}

async function bodyOf(request: Request, response: Response, takes: Taken): Promise<unknown> {
  if (takes.form) return readForm(request, response);
  if (takes.body) return readBody(request, response);
  if (!hasBody(request)) return undefined;
  if (request.method === 'GET' || request.method === 'HEAD')
    throw new Problem(400, 'unexpected-body', 'This request must have no body. Send it without one.');
  const body = await readBody(request, response);
  const fields = body !== null && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : ['(body)'];
  // An empty object says nothing; many clients send it in place of no body.
  if (body !== undefined && fields.length > 0)
    throw invalid(fields.map(name => ({ path: [name], message: 'unknown field; remove it' })));
  return undefined;
}

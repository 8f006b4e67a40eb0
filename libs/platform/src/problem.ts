import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { methodsAt } from './edge/methods.js';

const nouns: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};
const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

/** Detects zod's default messages, which describe its parser; callers need to know what the field must be. */
const isZods = (message: string) => /^(Invalid|Too) /.test(message);

/** Describes the error of a field by what the field must be. */
export function wording(issue: { readonly message: string }): string {
  if (!('code' in issue) || !isZods(issue.message)) return issue.message;
  return worded(issue as z.core.$ZodIssue) ?? issue.message;
}

function worded(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const must = `must be ${nouns[issue.expected] ?? issue.expected}`;
      return issue.message.endsWith('received undefined') ? `is missing; it ${must}` : must;
    }
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return limited(`at most ${issue.maximum}`, issue.origin);
    case 'too_small':
      return limited(`at least ${issue.minimum}`, issue.origin);
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : undefined;
    default:
      return undefined;
  }
}

const limited = (count: string, origin: string) => (units[origin] ? `must have ${count} ${units[origin]}` : undefined);

/** The most fields that an answer names. */
export const errorLimit = 50;

/** The longest field name and problem text in an answer, in characters. */
export const [fieldLimit, detailLimit] = [200, 2_000];

/** One invalid field. `field` is a path such as `data.quote`. */
export const FieldError = z.object({
  field: z.string(),
  message: z.string(),
  allowed: z.array(z.unknown()).optional(),
});
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457 problem details, with a code for programs and field errors for people. */
export const ProblemDetails = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDetails = z.infer<typeof ProblemDetails>;

/** What an API's document says of the problems of a status: in words, and which codes they may have. */
export const withCodes = (description: string, codes: readonly string[]): string =>
  `${description} Its \`code\` may be ${codes.map(code => `\`${code}\``).join(', ')}.`;

/** An error that is sent to the client as problem details. */
export class Problem extends HttpException {
  readonly details: ProblemDetails;

  constructor(status: number, code: string, detail: string, more: Record<string, unknown> = {}) {
    const details = {
      type: `urn:dateline:problem:${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      ...more,
    };
    super(details, status);
    this.details = details;
  }
}

type Issue = { readonly message: string; readonly path?: readonly unknown[] | undefined };

const step = (segment: unknown) =>
  typeof segment === 'object' && segment !== null && 'key' in segment ? String(segment.key) : String(segment);

/** Truncates text from the request: a large request need not get a large answer. */
const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 2)} …` : text).toWellFormed();

const fieldAt = (path: readonly unknown[]) => cut(path.map(step).join('.') || '(body)', fieldLimit);

/** One entry for each field: an unknown key is a field too. */
function fieldErrors(issue: Issue): FieldError[] {
  const path = issue.path ?? [];
  if ('keys' in issue && Array.isArray(issue.keys))
    return issue.keys
      .slice(0, errorLimit + 1)
      .map(key => ({ field: fieldAt([...path, key]), message: 'unknown field; remove it' }));
  return [{ field: fieldAt(path), message: cut(wording(issue), detailLimit), ...allowedBy(issue) }];
}

/** The allowed values: a closed list, or the discriminators of a union. */
function allowedBy(issue: Issue): { allowed?: unknown[] } {
  if ('values' in issue && Array.isArray(issue.values)) return { allowed: issue.values };
  return 'options' in issue && Array.isArray(issue.options) ? { allowed: issue.options } : {};
}

/** A 422 that names the invalid fields, or the first of them if there are many. */
export function invalid(issues: readonly Issue[]): Problem {
  // Two rules for one field may report the same error.
  const found = new Map<string, FieldError>();
  for (const issue of issues) {
    if (found.size > errorLimit) break;
    for (const error of fieldErrors(issue)) found.set(JSON.stringify(error), error);
  }
  const errors = [...found.values()].slice(0, errorLimit);
  const more = found.size > errors.length ? '; and more: fix these first' : '';
  const detail = cut(errors.map(error => `${error.field}: ${error.message}`).join('; '), detailLimit) + more;
  return new Problem(422, 'invalid-field', detail, { errors });
}

const slug = (title = 'error') => title.toLowerCase().replaceAll(' ', '-');

function ofFramework(status: number, message: string, request: Request): Problem {
  if (status === 404) return noRoute(request);
  const detail = status === 400 ? `The request cannot be read: ${message}` : message;
  return new Problem(status, slug(STATUS_CODES[status]), cut(detail, detailLimit));
}

/** No route at this path, or none for this method. */
function noRoute(request: Request): Problem {
  const allowed = methodsAt(request);
  if (allowed.length === 0) return new Problem(404, 'unknown-path', 'Nothing exists at this path. See /docs.');
  const detail = `This path does not allow ${cut(request.method, 20)}. It allows ${allowed.join(', ')}. See /docs.`;
  return new Problem(405, 'wrong-method', detail, { allowed });
}

/** Turns an error into a problem for the caller. Unexpected errors go to `logger`. */
export function problemOf(error: unknown, request: Request, logger: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return ofFramework(error.getStatus(), error.message, request);
  logger.error(error);
  return new Problem(500, 'internal', 'The server failed. The error has been logged. Try again later.');
}

/** The default of Retry-After, in seconds. */
const retryAfterSeconds = 1;

/** The headers that belong to a problem's status. */
function headersOf({ status, allowed, retryAfter = retryAfterSeconds }: ProblemDetails): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  if (status === 405) return { Allow: (allowed as string[]).join(', ') };
  return status === 429 || status === 503 ? { 'Retry-After': String(retryAfter) } : {};
}

/** What may be said of an answer before it failed. None of it holds for the error in its place. */
const ofTheAnswer = ['ETag', 'Last-Modified', 'Content-Encoding', 'Content-Disposition'];

/** Sends every error as application/problem+json, for no cache to keep. Unexpected errors are logged, and the client gets no details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const problem = problemOf(error, request, this.logger);
    if (response.headersSent) return void response.end();
    for (const name of ofTheAnswer) response.removeHeader(name);
    response.setHeader('Cache-Control', 'no-store');
    // Keep headers that are already set, as they may be more precise, such as Retry-After.
    for (const [name, value] of Object.entries(headersOf(problem.details)))
      if (!response.hasHeader(name)) response.setHeader(name, value);
    if (problem.details.status === 405 && request.method === 'OPTIONS') return void response.status(204).end();
    this.send(problem, request, response);
  }

  protected send({ details }: Problem, _request: Request, response: Response): void {
    response.status(details.status).type('application/problem+json').send(JSON.stringify(details));
  }
}

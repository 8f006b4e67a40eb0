import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { wording } from './wording.js';

/** One field that is not as it must be. `field` is a path such as `data.quote`. */
export const FieldError = z.object({
  field: z.string(),
  message: z.string(),
  allowed: z.array(z.unknown()).optional(),
});
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457 problem details, with a code for programs and the fields for people. */
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

const fieldAt = (path: readonly unknown[]) => path.map(step).join('.') || '(body)';

/** One entry a field: an unknown key is a field too. */
function fieldErrors(issue: Issue): FieldError[] {
  const path = issue.path ?? [];
  if ('keys' in issue && Array.isArray(issue.keys))
    return issue.keys.map(key => ({ field: fieldAt([...path, key]), message: 'is not a field here; leave it out' }));
  return [{ field: fieldAt(path), message: wording(issue), ...allowedBy(issue) }];
}

/** A closed list of values, or of the kinds that a union knows its members by. */
function allowedBy(issue: Issue): { allowed?: unknown[] } {
  if ('values' in issue && Array.isArray(issue.values)) return { allowed: issue.values };
  return 'options' in issue && Array.isArray(issue.options) ? { allowed: issue.options } : {};
}

/** A 422 that names each field at fault. */
export function invalid(issues: readonly Issue[]): Problem {
  // Two rules that a field breaks may ask for the same thing.
  const errors = [...new Map(issues.flatMap(fieldErrors).map(error => [JSON.stringify(error), error])).values()];
  const detail = errors.map(error => `${error.field}: ${error.message}`).join('; ');
  return new Problem(422, 'invalid-field', detail, { errors });
}

const tooLarge = () => new Problem(413, 'body-too-large', 'The body must be at most 256 KiB.', { limit: 262_144 });

const slug = (title = 'error') => title.toLowerCase().replaceAll(' ', '-');

/** Nest's own, made of the body parser's errors too, whose messages say what is wrong with the body. */
function ofFramework(status: number, message: string): Problem {
  if (status === 404)
    return new Problem(404, 'unknown-path', 'There is nothing at this path for this method. See /docs.');
  if (status === 413) return tooLarge();
  const detail = status === 400 ? `The request cannot be read: ${message}` : message;
  return new Problem(status, slug(STATUS_CODES[status]), detail);
}

function problemOf(error: unknown, logger: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return ofFramework(error.getStatus(), error.message);
  logger.error(error);
  return new Problem(500, 'internal', 'Something failed on our side. It has been logged.');
}

/** Every error leaves as application/problem+json; what we did not foresee is logged and tells the client nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const { details } = problemOf(error, this.logger);
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.end();
    if (details.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(details.status).type('application/problem+json').send(JSON.stringify(details));
  }
}

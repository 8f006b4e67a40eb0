import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ProblemDetails } from './problem.js';

interface Answered {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}
type Operation = { responses?: Record<string, Answered> };

const header = (description: string) => ({ description, required: true, schema: { type: 'string' } });
const problem = { schema: { $ref: '#/components/schemas/Problem' } };

/** Headers that come with a status in every operation. */
const always: Record<string, Record<string, unknown>> = {
  202: { 'Retry-After': header('Seconds to wait before asking again.') },
  405: { Allow: header('The methods that the path allows.') },
  429: { 'Retry-After': header('Seconds to wait before trying again.') },
  401: { 'WWW-Authenticate': header('How to sign in: Bearer.') },
  503: { 'Retry-After': header('Seconds to wait before trying again.') },
};

/** Statuses that any operation may return, whether its route lists them or not. */
const everywhere = {
  400: 'The request cannot be read.',
  422: 'The request has a field or parameter that the route does not accept.',
  429: 'Too many requests from one address, or too many commands from one person.',
  default: 'Unexpected failure.',
};

/**
 * Adds the parts that are true of every operation: a request that cannot be read is a 400, every failure is a problem with its media
 * type, and some statuses have headers.
 */
export function completed(document: OpenAPIObject): OpenAPIObject {
  const { $schema: _, ...Problem } = z.toJSONSchema(ProblemDetails);
  document.components = { ...document.components, schemas: { Problem, ...document.components?.schemas } as never };
  const operations = Object.values(document.paths).flatMap(path => Object.values(path as Record<string, Operation>));
  for (const { responses = {} } of operations) {
    for (const [status, description] of Object.entries(everywhere)) responses[status] ??= { description };
    for (const [status, response] of Object.entries(responses)) {
      if (status === 'default' || Number(status) >= 400) {
        // Nest documents every answer with the media type of its route.
        const [described = problem] = Object.values(response.content ?? {});
        response.content = { 'application/problem+json': described };
      }
      if (always[status]) response.headers = { ...always[status], ...response.headers };
    }
  }
  return document;
}

import { Problem, ProblemFilter } from '#platform';
import { Catch, HttpException, type ArgumentsHost } from '@nestjs/common';
import type { Response } from 'express';
import { pageSafeJson } from '#pages';
import { problem } from './problems.js';

const retryAfterSeconds = '1';

/** Problems in the same page-safe bytes as every other answer, and when to come back. */
@Catch()
export class ProblemAnswers extends ProblemFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const known = foreseen(error);
    if (!known || response.headersSent) return super.catch(error, host);
    const { details } = known;
    if (details.status === 503) response.setHeader('Retry-After', retryAfterSeconds);
    response
      .status(details.status)
      .type('application/problem+json')
      .send(Buffer.from(pageSafeJson(details)));
  }
}

function foreseen(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException && error.getStatus() === 404) return problem('unknown-path');
  return undefined;
}

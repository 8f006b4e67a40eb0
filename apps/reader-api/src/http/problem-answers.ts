import { links, pageSafeJson, renderProblem, sendPage } from '#pages';
import { Problem, ProblemFilter, type ProblemDetails } from '#platform';
import { Catch } from '@nestjs/common';
import type { Request, Response } from 'express';

const isPage = (path: string) => path === links.stories || path.startsWith(`${links.stories}/`);

/**
 * Sends a problem as a page to clients that asked for a page, and otherwise as JSON in the same page-safe bytes as every
 * answer.
 */
@Catch()
export class ProblemAnswers extends ProblemFilter {
  protected override send(problem: Problem, request: Request, response: Response): void {
    const { details } = problem;
    if (isPage(request.path)) return sendProblemPage(details, response);
    response
      .status(details.status)
      .type('application/problem+json')
      .send(Buffer.from(pageSafeJson(details)));
  }
}

/** Sends a page that explains a missing resource, an invalid address or a server error. */
function sendProblemPage({ status, detail }: ProblemDetails, response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  sendPage(response, renderProblem(status, status === 422 || status === 429 ? detail : undefined), status);
}

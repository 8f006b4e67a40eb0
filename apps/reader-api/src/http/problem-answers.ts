import { links, pageSafeJson } from '#pages';
import { Problem, ProblemFilter } from '#platform';
import { Catch } from '@nestjs/common';
import type { Request, Response } from 'express';
import { sendProblemPage } from '../pages/problem-page.js';

const isPage = (path: string) => path === links.stories || path.startsWith(`${links.stories}/`);

/** A page for who asked for a page; for who asked for data, the problem in the same page-safe bytes as every other answer. */
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

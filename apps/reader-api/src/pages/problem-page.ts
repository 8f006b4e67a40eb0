import { renderProblem, sendPage } from '#pages';
import type { ProblemDetails } from '#platform';
import type { Response } from 'express';

/** A page that says what is not there, what is wrong with the address, or that it is our fault. */
export function sendProblemPage({ status, detail }: ProblemDetails, response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  sendPage(response, renderProblem(status, status === 422 || status === 429 ? detail : undefined), status);
}

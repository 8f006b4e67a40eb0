import { sendPage } from '#pages';
import { Problem, ProblemFilter } from '#platform';
import { Catch, type ArgumentsHost } from '@nestjs/common';
import type { Request, Response } from 'express';
import { renderToString } from 'preact-render-to-string';
import { isStateGone } from '../state/layered.js';

const isDesk = (path: string) => /^\/(desk|sign-in)(\/|$)/.test(path);

/** Sends a browser that opened an unknown address of the desk a page, and every other client the problem itself. The page loads nothing. */
@Catch()
export class DeskProblems extends ProblemFilter {
  /** A request that waited long reads a state that is no longer kept. The same request then reads the present one. */
  override catch(error: unknown, host: ArgumentsHost): void {
    super.catch(
      isStateGone(error) ? new Problem(503, 'log-unavailable', 'This process is overloaded; try again.') : error,
      host,
    );
  }

  protected override send(problem: Problem, request: Request, response: Response): void {
    if (!isDesk(request.path)) return super.send(problem, request, response);
    const { status, title, detail } = problem.details;
    const page = (
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>{title}</title>
          <link rel="icon" href="data:," />
        </head>
        <body>
          <main>
            <h1>{title}</h1>
            <p>{detail}</p>
            <p>
              <a href="/desk">See all stories</a>
            </p>
          </main>
        </body>
      </html>
    );
    sendPage(response, `<!doctype html>${renderToString(page)}`, status);
  }
}

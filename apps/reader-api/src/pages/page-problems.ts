import { renderProblem, sendPage } from '#pages';
import { Problem } from '#platform';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';

/** A page that says what is not there, what is wrong with the address, or that it is our fault. */
@Catch()
export class PageProblems implements ExceptionFilter {
  private readonly logger = new Logger('pages');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.end();
    const status = error instanceof HttpException ? error.getStatus() : 500;
    if (status >= 500 && !(error instanceof Problem)) this.logger.error(error);
    if (status === 503) response.setHeader('Retry-After', '1');
    const detail = error instanceof Problem && status === 422 ? error.details.detail : undefined;
    response.setHeader('Cache-Control', 'no-store');
    sendPage(response, renderProblem(status, detail), status);
  }
}

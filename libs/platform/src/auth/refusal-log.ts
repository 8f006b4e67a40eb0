import type { Logger } from '@nestjs/common';
import type { Request } from 'express';
import { routeOf } from '../telemetry/requests.js';
import type { Refused } from './token.js';

/** The most log lines per minute about unidentified callers; the rest is counted in one line. */
export const anonymousLines = 100;
const minuteMs = 60_000;

/** Logs refused requests: who, what, where from and why. Never logs a token or any other text of the request. */
export class RefusalLog {
  private begun = -Infinity;
  private lines = 0;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly clock: () => number = Date.now,
  ) {}

  /** `who` is the subject of a verified token; undefined where there was none. */
  tell(request: Request, { details: { status, code }, why }: Refused, who: string | undefined): void {
    if (who === undefined && !this.mayLog()) return;
    const { method, ip } = request;
    this.logger.warn(
      { who: who ?? null, route: `${method} ${routeOf(request)}`, status, code, why, address: ip },
      'refused',
    );
  }

  /** Anonymous requests must neither fill the disk nor hide the lines about known people. */
  private mayLog(): boolean {
    const now = this.clock();
    if (now - this.begun >= minuteMs) {
      if (this.lines > anonymousLines)
        this.logger.warn({ refused: this.lines - anonymousLines }, 'more were refused and not logged');
      [this.begun, this.lines] = [now, 0];
    }
    return ++this.lines <= anonymousLines;
  }
}

import type { Logger } from '@nestjs/common';
import type { Request } from 'express';
import { routeOf } from '../telemetry/requests.js';
import type { Refused } from './token.js';

/** How many lines about requests of nobody known there are in a minute, at most; the rest is counted in one line. */
export const anonymousLines = 100;
const minuteMs = 60_000;

/** Tells the log who was refused what, from where and why; never a token, nor anything else of the request's own words. */
export class RefusalLog {
  private begun = -Infinity;
  private lines = 0;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly clock: () => number = Date.now,
  ) {}

  /** `who` is the subject of a token that was verified; undefined where there was none. */
  tell(request: Request, { details: { status, code }, why }: Refused, who: string | undefined): void {
    if (who === undefined && !this.mayTell()) return;
    const { method, ip } = request;
    this.logger.warn(
      { who: who ?? null, route: `${method} ${routeOf(request)}`, status, code, why, address: ip },
      'refused',
    );
  }

  /** Whoever sends anything must not fill the disk, nor drown the lines about people who are known. */
  private mayTell(): boolean {
    const now = this.clock();
    if (now - this.begun >= minuteMs) {
      if (this.lines > anonymousLines)
        this.logger.warn({ refused: this.lines - anonymousLines }, 'more were refused and not logged');
      [this.begun, this.lines] = [now, 0];
    }
    return ++this.lines <= anonymousLines;
  }
}

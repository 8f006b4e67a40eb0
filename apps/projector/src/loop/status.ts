import type { Progress } from '#projections';

/** The state of the process, for its health checks and metrics. */
export class Status {
  role: 'starting' | 'standby' | 'leader' = 'starting';
  progress: Progress | undefined;
  /** The error of the last try; undefined after a success. */
  trouble: string | undefined;

  leads(): void {
    this.role = 'leader';
    this.progress = undefined;
  }

  standsBy(trouble?: string): void {
    this.role = 'standby';
    this.trouble = trouble;
  }

  read(progress: Progress): Progress {
    this.progress = progress;
    this.trouble = undefined;
    return progress;
  }
}

import type { Progress } from '#projections';

/** What the process is doing, for its health checks. */
export class Status {
  role: 'starting' | 'standby' | 'leader' = 'starting';
  progress: Progress | undefined;
  /** Why the last try failed; undefined once one succeeded. */
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

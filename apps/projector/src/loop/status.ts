import type { Progress } from '#projections';

/** What the process is doing, for whoever asks after its health. */
export class Status {
  role: 'starting' | 'standby' | 'leader' = 'starting';
  progress: Progress | undefined;
  /** What went wrong and is being tried again. */
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

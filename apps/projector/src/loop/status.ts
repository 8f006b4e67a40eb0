import type { Progress } from '#projections';

/** What the process is doing, for whoever asks after its health. */
export class Status {
  role: 'starting' | 'standby' | 'leader' = 'starting';
  progress: Progress | undefined;
  /** What last went wrong and was tried again. */
  trouble: string | undefined;

  read(progress: Progress): Progress {
    this.progress = progress;
    return progress;
  }
}

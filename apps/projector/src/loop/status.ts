import type { Progress } from '#projections';

/** The state of the process, for its health checks and metrics. */
export class Status {
  role: 'starting' | 'standby' | 'leader' = 'starting';
  progress: Progress | undefined;
  /** The error of the last try; undefined after a success. */
  trouble: string | undefined;
  /** The live build that this version's may not replace, if a swap was refused. */
  irreplaceable: string | undefined;
  /** Whether readers were on a build of this version, as far as this process knows. */
  hadReaders = false;

  leads(): void {
    this.role = 'leader';
    this.irreplaceable = undefined;
    this.progress = undefined;
  }

  standsBy(trouble?: string): void {
    this.role = 'standby';
    this.trouble = trouble;
  }

  read(progress: Progress): Progress {
    const { live, promoted_at: promoted } = progress.checkpoint;
    this.progress = progress;
    this.trouble = undefined;
    this.hadReaders ||= live || promoted !== null;
    return progress;
  }
}

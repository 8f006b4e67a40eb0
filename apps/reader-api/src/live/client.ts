import type { Response } from 'express';
import type { Stand } from './deliver.js';

/** A reader's open stream. */
export class LiveClient {
  stand: Stand;
  private allowed: number;

  /** `cap`: how many bytes may wait for a reader who does not take them. */
  constructor(
    private readonly response: Response,
    readonly story: string,
    { after, ...said }: { readonly after: number | undefined } & Pick<Stand, 'resumes' | 'rewrites'>,
    private readonly cap: number,
    private readonly onDrop: () => void = () => undefined,
  ) {
    this.stand = { at: after, joined: false, refolds: 0, ...said };
    this.allowed = cap;
    response.on('drain', () => (this.allowed = this.cap));
  }

  /** Writes frames as they are; a reader who is too slow is dropped, and may come back and resume. */
  write(...frames: readonly Buffer[]): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    for (const frame of frames) this.response.write(frame);
    if (this.response.writableLength <= this.allowed) return;
    this.onDrop();
    this.response.destroy();
  }

  /** The first turn's frames. A reader who catches up asked for them all at once: they count once taken, or never. */
  welcome(...frames: readonly Buffer[]): void {
    this.allowed += frames.reduce((total, { length }) => total + length, 0);
    this.write(...frames);
  }

  end(): void {
    this.response.end();
  }
}

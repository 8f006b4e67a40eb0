import type { Response } from 'express';
import type { Stand } from './deliver.js';
import { heartbeat, opening } from './frames.js';

/** How many bytes are handed to a connection at a time; the next ones once these have gone. */
export const pieceBytes = 64 * 1_024;

/** How long a connection may take none of what it was handed, in milliseconds, before it is dropped. */
export const patienceMs = 30_000;

interface Hearing {
  /** Everything that was due has gone: there is room for more. */
  readonly onRoom: () => void;
  readonly onDrop: () => void;
}

/** A reader's open stream. Of what is due to it, only a piece is with the connection; the rest waits in buffers that all share. */
export class LiveClient {
  stand: Stand;
  private due: Buffer[] = [];
  private opened = false;
  /** How much of the first buffer due was handed over. */
  private begun = 0;
  private patience: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: Response,
    readonly story: string,
    { after, ...said }: { readonly after: number | undefined } & Pick<Stand, 'resumes' | 'rewrites'>,
    private readonly hearing: Hearing,
  ) {
    this.stand = { at: after, joined: false, refolds: 0, ...said };
    response.on('drain', () => this.drained());
    response.on('close', () => clearTimeout(this.patience));
  }

  /** Whether nothing waits for the connection to take it. */
  get ready(): boolean {
    return this.due.length === 0 && this.patience === undefined;
  }

  /** Writes frames, as fast as they are taken. A reader who takes nothing for too long is dropped, and may come back and resume. */
  write(...frames: readonly Buffer[]): void {
    if (frames.length === 0) return;
    if (!this.opened) this.due.push(opening());
    this.opened = true;
    this.due.push(...frames);
    if (this.patience === undefined) this.pump();
  }

  /** A sign of life. */
  beat(): void {
    this.due.push(heartbeat);
    this.pump();
  }

  end(): void {
    this.response.end();
  }

  private pump(): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    while (this.due.length > 0) {
      const [frame] = this.due as [Buffer];
      const piece = frame.subarray(this.begun, this.begun + pieceBytes);
      this.begun += piece.length;
      if (this.begun === frame.length) {
        this.due.shift();
        this.begun = 0;
      }
      if (this.response.write(piece)) continue;
      this.patience = setTimeout(() => this.drop(), patienceMs).unref();
      return;
    }
  }

  private drained(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    this.pump();
    if (this.ready) this.hearing.onRoom();
  }

  private drop(): void {
    this.hearing.onDrop();
    this.response.destroy();
  }
}

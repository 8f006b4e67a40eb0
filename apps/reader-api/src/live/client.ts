import type { Response } from 'express';
import type { Stand } from './deliver.js';
import { heartbeat, opening } from './frames.js';

/** Maximum number of bytes handed to a connection at a time. The next ones follow when these are sent. */
export const pieceBytes = 64 * 1_024;

interface Hearing {
  /** Called when all data is sent and the client can receive more. */
  readonly onRoom: () => void;
  readonly onDrop: () => void;
  /** How long the connection may accept none of its data before it is dropped, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * A reader's open stream. The connection holds only one piece of the pending data; the rest waits in buffers that all
 * clients share.
 */
export class LiveClient {
  stand: Stand;
  private due: Buffer[] = [];
  private opened = false;
  /** How many bytes of the first pending buffer were handed over. */
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

  /** Whether the client can receive more: no data waits. */
  get ready(): boolean {
    return this.due.length === 0 && this.patience === undefined;
  }

  /**
   * Sends frames at the connection's speed. A connection that accepts nothing for too long is dropped; the reader can
   * reconnect and resume.
   */
  write(...frames: readonly Buffer[]): void {
    if (frames.length === 0) return;
    if (!this.opened) this.due.push(opening());
    this.opened = true;
    this.due.push(...frames);
    if (this.patience === undefined) this.pump();
  }

  /** Sends a heartbeat. */
  heartbeat(): void {
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
      this.patience = setTimeout(() => this.drop(), this.hearing.patienceMs).unref();
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

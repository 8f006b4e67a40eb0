import { origin } from '#platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SETTINGS, type ReaderSettings } from '../settings.js';

/** The public base URL of this API, for absolute links. */
@Injectable()
export class PublicUrl {
  constructor(@Inject(SETTINGS) private readonly settings: ReaderSettings) {}

  /**
   * Gives the base URL without a final slash: from the settings, or, on loopback without a setting, from the local address
   * of the connection. The Host header is never used: it could lead other readers to any server.
   */
  of({ socket }: Pick<Request, 'socket'>): string {
    return this.settings.PUBLIC_URL ?? origin(socket.localAddress ?? this.settings.HOST, socket.localPort ?? 0);
  }
}

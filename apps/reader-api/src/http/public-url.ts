import { origin } from '#platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SETTINGS, type ReaderSettings } from '../settings.js';

/** Where readers reach this API, for links that must be absolute. */
@Injectable()
export class PublicUrl {
  constructor(@Inject(SETTINGS) private readonly settings: ReaderSettings) {}

  /**
   * Without a slash at its end: as the settings say; on loopback, where they need not say it, the address that the connection
   * came in at. Never what the request calls this server: it would lead other readers wherever the Host header says.
   */
  of({ socket }: Pick<Request, 'socket'>): string {
    return this.settings.PUBLIC_URL ?? origin(socket.localAddress ?? this.settings.HOST, socket.localPort ?? 0);
  }
}

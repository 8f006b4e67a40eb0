import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SETTINGS, type ReaderSettings } from '../settings.js';

/** Where readers reach this API, for links that must be absolute. */
@Injectable()
export class PublicUrl {
  constructor(@Inject(SETTINGS) private readonly settings: ReaderSettings) {}

  /** Without a slash at its end: as the settings say, or as the request names this server. */
  of(request: Request): string {
    return this.settings.PUBLIC_URL ?? `${request.protocol}://${request.get('host') ?? request.hostname}`;
  }
}

import { openBlobStore, type BlobStore } from '#blobs';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type ReaderSettings } from '../settings.js';

@Injectable()
/** The public part of the blob store: the pictures and recordings that readers may get. */
export class PublicFiles implements OnApplicationShutdown {
  /** Undefined if this newsroom keeps no pictures. */
  readonly store: BlobStore | undefined;

  constructor(@Inject(SETTINGS) { BLOB_STORE, BLOB_STORE_ENDPOINT }: ReaderSettings) {
    this.store = BLOB_STORE === undefined ? undefined : openBlobStore({ BLOB_STORE, BLOB_STORE_ENDPOINT }, 'public');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store?.close();
  }
}

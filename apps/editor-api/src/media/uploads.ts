import { openBlobStore, prepareBlobStore, type BlobSettings, type BlobStore, type OptionalBlobSettings } from '#blobs';
import type { AnyUploaded } from '#contract';
import { isPicture, isRecording, ticketsIn, widestOfPage, type Kept, type KeptIn, type SentCapture } from '#domain';
import { KeyStoreError, newSecret, openTicket, sealTicket, ticketKeyId, type KeyStore } from '#keys';
import { keepPicture, keepRecording, openKept, ticketMs, whole } from '#media';
import { ConfigError, readNamed } from '#platform';
import { largestPicture, openPictures, PictureError, type Named, type Pictures } from '#pictures';
import { bytesIn, isRecordingHead, openRecordings, type Pieces, type Recordings } from '#recordings';
import { LargeUploads } from './large-uploads.js';
import { Places } from './request.js';
import { UploadStore } from './upload-store.js';

/** The most uploads at once in a process: each takes up to 30 MB of memory. */
export const mostUploads = 6;

const none: KeptIn = () => undefined;

/** Keeps pictures, and knows them again by their tickets: nothing is remembered between an upload and the act that shows the picture. */
export class Uploads {
  private readonly pictures: Pictures;
  private readonly recordings: Recordings = openRecordings();
  private secret: Promise<Uint8Array> | undefined;

  private readonly store: BlobStore | undefined;
  private isPrepared = false;
  /** Places for whole pictures in memory. */
  readonly places = new Places(mostUploads, 'pictures');
  /** Files that come in parts. Undefined if this newsroom keeps no pictures. */
  readonly large: LargeUploads | undefined;

  /**
   * `settings` name the blob store. Without it this newsroom keeps no pictures. `anchors` are the certificates, in PEM, by which it trusts
   * content credentials. `databaseUrl`: where files in parts are noted; without it they come in one request.
   */
  constructor(
    private readonly keys: Pick<KeyStore, 'keyFor'>,
    private readonly settings?: BlobSettings,
    anchors?: string,
    databaseUrl?: string,
  ) {
    this.pictures = openPictures(anchors);
    this.store = settings && openBlobStore(settings, 'sealed');
    if (settings && databaseUrl !== undefined)
      this.large = new LargeUploads(new UploadStore(databaseUrl), {
        secret: () => this.ticketSecret(),
        blobs: () => this.blobs(),
        keep: (story, file, named) => this.keepFile(story, file, named, Date.now()),
      });
  }

  static of(
    {
      BLOB_STORE,
      CREDENTIALS_ANCHORS,
      DATABASE_URL,
      ...settings
    }: OptionalBlobSettings & {
      readonly CREDENTIALS_ANCHORS?: string | undefined;
      readonly DATABASE_URL?: string | undefined;
    },
    keys: Pick<KeyStore, 'keyFor'>,
  ): Uploads {
    // Read once, so that a file that is moved later stops no upload.
    const anchors = CREDENTIALS_ANCHORS && readNamed('CREDENTIALS_ANCHORS', CREDENTIALS_ANCHORS);
    if (anchors !== undefined && !anchors.includes('-----BEGIN CERTIFICATE-----'))
      throw new ConfigError('CREDENTIALS_ANCHORS names a file without certificates. It must have them in PEM.');
    const blobs = BLOB_STORE === undefined ? undefined : { ...settings, BLOB_STORE };
    return new Uploads(keys, blobs, anchors, DATABASE_URL);
  }

  get isOpen(): boolean {
    return this.store !== undefined;
  }

  /** Keeps a picture for a story. Rejects with a PictureError, a BlobError or a KeyStoreError; then nothing of it was kept. */
  async keep(story: string, bytes: Buffer, named: Named, now: number) {
    const { picture, offered, ...shows } = await this.kept(story, bytes, named, now);
    const { colour, original, credentials } = picture;
    const { name, type, width, height } = original;
    return {
      picture: name,
      ...shows,
      ...{ type, width, height, colour, offered },
      ...(credentials && { credentials }),
    };
  }

  /** Keeps the picture of a page that was captured for a story, small. Rejects as `keep` does, or with a Problem if too many wait. */
  async keepOfPage(story: string, bytes: Buffer, now: number): Promise<NonNullable<SentCapture['picture']>> {
    const { picture, ticket } = await this.places.within(() => this.kept(story, bytes, {}, now, widestOfPage));
    return { picture: picture.original.name, sha256: picture.original.sha256, ticket };
  }

  private async kept(story: string, bytes: Buffer, named: Named, now: number, widest?: number) {
    // First, since nobody could show a picture without a ticket.
    const secret = await this.ticketSecret();
    const made = await keepPicture(await this.blobs(), this.pictures, bytes, named, widest);
    return { ...made, ...ticketOf(secret, story, made.picture, now) };
  }

  /** A small rendition of the picture in a ticket; undefined if the ticket does not open now. Rejects with a BlobError or a KeyStoreError. */
  async smallOf(story: string, ticket: string, now: string): Promise<Buffer | undefined> {
    if (!this.store) return undefined;
    const kept = openTicket(await this.ticketSecret(), story, ticket, now);
    const picture = kept && isPicture(kept) ? kept : undefined;
    const file = picture?.renditions.find(({ type }) => type === 'image/webp');
    return picture && file && openKept(await this.blobs(), picture, file);
  }

  /**
   * Keeps a file of any size: a picture, a recording or captions, as its first bytes say. Rejects as `keep` does, or with a
   * RecordingError.
   */
  async keepFile(story: string, file: Pieces, named: Named, now: number): Promise<AnyUploaded> {
    if (!isRecordingHead(await file.piece(0))) {
      if (file.size > largestPicture) throw new PictureError('picture-too-large', `this one has ${file.size} bytes`);
      return this.keep(story, await whole(bytesIn(file) as AsyncIterable<Buffer>), named, now);
    }
    const secret = await this.ticketSecret();
    const kept = await keepRecording(await this.blobs(), this.recordings, file, named);
    const { name, size } = kept.file;
    const ticket = ticketOf(secret, story, kept, now);
    if (!isRecording(kept)) return { captions: name, ...ticket, type: kept.file.type, size };
    const { lasts, width, height } = kept;
    return { recording: name, ...ticket, type: kept.file.type, size, lasts, ...(width && { width, height }) };
  }

  /** What the tickets of a command's body hold, at an instant (ISO 8601, UTC). Rejects with a KeyStoreError. */
  async keptIn(story: string, body: object, now: string): Promise<KeptIn> {
    const tickets = ticketsIn(body);
    if (tickets.length === 0) return none;
    const secret = await this.ticketSecret();
    const found = new Map<string, Kept>();
    for (const ticket of tickets) {
      const kept = openTicket(secret, story, ticket, now);
      if (kept) found.set(ticket, kept);
    }
    return ticket => found.get(ticket);
  }

  async close(): Promise<void> {
    await this.large?.close();
    await Promise.all([this.pictures.close(), this.recordings.close(), this.store?.close()]);
  }

  /** The sealed part of the store, prepared. Rejects with a BlobError. */
  async blobs(): Promise<BlobStore> {
    if (!this.isPrepared) await prepareBlobStore(this.settings!);
    this.isPrepared = true;
    return this.store!;
  }

  /** The secret that all editor-apis of this newsroom share. */
  private ticketSecret(): Promise<Uint8Array> {
    this.secret ??= this.keys.keyFor(ticketKeyId, newSecret()).then(key => {
      if ('secret' in key) return key.secret;
      throw new KeyStoreError('key-missing', ticketKeyId);
    });
    this.secret.catch(() => (this.secret = undefined));
    return this.secret;
  }
}

function ticketOf(secret: Uint8Array, story: string, kept: Kept, now: number) {
  const expires = new Date(now + ticketMs).toISOString();
  return { ticket: sealTicket(secret, story, kept, expires), expires };
}

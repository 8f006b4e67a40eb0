import { openBlobStore, prepareBlobStore, type BlobSettings, type BlobStore, type OptionalBlobSettings } from '#blobs';
import type { Uploaded } from '#contract';
import { ticketsIn, widestOfPage, type KeptPicture, type PictureIn, type SentCapture } from '#domain';
import { KeyStoreError, newSecret, openTicket, sealTicket, ticketKeyId, type KeyStore } from '#keys';
import { keepPicture, openKept, ticketMs } from '#media';
import { ConfigError, readNamed } from '#platform';
import { openPictures, type Named, type Pictures } from '#pictures';
import { LargeUploads } from './large-uploads.js';
import { Places } from './request.js';
import { UploadStore } from './upload-store.js';

/** The most uploads at once in a process: each takes up to 30 MB of memory. */
export const mostUploads = 6;

const none: PictureIn = () => undefined;

/** Keeps pictures, and knows them again by their tickets: nothing is remembered between an upload and the act that shows the picture. */
export class Uploads {
  private readonly pictures: Pictures;
  private secret: Promise<Uint8Array> | undefined;

  private readonly store: BlobStore | undefined;
  private isPrepared = false;
  /** Places for whole pictures in memory. */
  readonly places = new Places(mostUploads, 'pictures');
  /** Files that come in parts. Undefined if this newsroom keeps no pictures. */
  readonly large: LargeUploads | undefined;

  /**
   * `settings` name the blob store. Without it this newsroom keeps no pictures. `anchors` is the path of the certificates by which it trusts
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
        blobs: () => this.prepared(),
        keep: (story, bytes, named) => this.keep(story, bytes, named, Date.now()),
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
    if (
      CREDENTIALS_ANCHORS !== undefined &&
      !readNamed('CREDENTIALS_ANCHORS', CREDENTIALS_ANCHORS).includes('-----BEGIN CERTIFICATE-----')
    )
      throw new ConfigError('CREDENTIALS_ANCHORS names a file without certificates. It must have them in PEM.');
    const blobs = BLOB_STORE === undefined ? undefined : { ...settings, BLOB_STORE };
    return new Uploads(keys, blobs, CREDENTIALS_ANCHORS, DATABASE_URL);
  }

  get isOpen(): boolean {
    return this.store !== undefined;
  }

  /** Keeps a picture for a story. Rejects with a PictureError, a BlobError or a KeyStoreError; then nothing of it was kept. */
  async keep(story: string, bytes: Buffer, named: Named, now: number): Promise<Uploaded> {
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
    const made = await keepPicture(await this.prepared(), this.pictures, bytes, named, widest);
    const expires = new Date(now + ticketMs).toISOString();
    return { ...made, ticket: sealTicket(secret, story, made.picture, expires), expires };
  }

  /** A small rendition of the picture in a ticket; undefined if the ticket does not open now. Rejects with a BlobError or a KeyStoreError. */
  async smallOf(story: string, ticket: string, now: string): Promise<Buffer | undefined> {
    if (!this.store) return undefined;
    const picture = openTicket(await this.ticketSecret(), story, ticket, now);
    const file = picture?.renditions.find(({ type }) => type === 'image/webp');
    return picture && file && openKept(await this.prepared(), picture, file);
  }

  /** What the tickets of a command's body hold, at an instant (ISO 8601, UTC). Rejects with a KeyStoreError. */
  async picturesIn(story: string, body: object, now: string): Promise<PictureIn> {
    const tickets = ticketsIn(body);
    if (tickets.length === 0) return none;
    const secret = await this.ticketSecret();
    const pictures = new Map<string, KeptPicture>();
    for (const ticket of tickets) {
      const picture = openTicket(secret, story, ticket, now);
      if (picture) pictures.set(ticket, picture);
    }
    return ticket => pictures.get(ticket);
  }

  async close(): Promise<void> {
    await this.large?.close();
    await Promise.all([this.pictures.close(), this.store?.close()]);
  }

  private async prepared(): Promise<BlobStore> {
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

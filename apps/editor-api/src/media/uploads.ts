import { openBlobStore, prepareBlobStore, type BlobSettings, type BlobStore, type OptionalBlobSettings } from '#blobs';
import type { Uploaded } from '#contract';
import { ticketsIn, type KeptPicture, type PictureIn } from '#domain';
import { KeyStoreError, newSecret, openTicket, sealTicket, ticketKeyId, type KeyStore } from '#keys';
import { keepPicture, ticketMs } from '#media';
import { ConfigError, readNamed } from '#platform';
import { openPictures, type Named, type Pictures } from '#pictures';

const none: PictureIn = () => undefined;

/** Keeps pictures, and knows them again by their tickets: nothing is remembered between an upload and the act that shows the picture. */
export class Uploads {
  private readonly pictures: Pictures;
  private secret: Promise<Uint8Array> | undefined;

  private readonly store: BlobStore | undefined;
  private isPrepared = false;

  /**
   * `settings` name the blob store. Without it this newsroom keeps no pictures. `anchors` is the path of the certificates by which it trusts
   * content credentials.
   */
  constructor(
    private readonly keys: Pick<KeyStore, 'keyFor'>,
    private readonly settings?: BlobSettings,
    anchors?: string,
  ) {
    this.pictures = openPictures(anchors);
    this.store = settings && openBlobStore(settings, 'sealed');
  }

  static of(
    {
      BLOB_STORE,
      CREDENTIALS_ANCHORS,
      ...settings
    }: OptionalBlobSettings & { readonly CREDENTIALS_ANCHORS?: string | undefined },
    keys: Pick<KeyStore, 'keyFor'>,
  ): Uploads {
    if (
      CREDENTIALS_ANCHORS !== undefined &&
      !readNamed('CREDENTIALS_ANCHORS', CREDENTIALS_ANCHORS).includes('-----BEGIN CERTIFICATE-----')
    )
      throw new ConfigError('CREDENTIALS_ANCHORS names a file without certificates. It must have them in PEM.');
    return new Uploads(keys, BLOB_STORE === undefined ? undefined : { ...settings, BLOB_STORE }, CREDENTIALS_ANCHORS);
  }

  get isOpen(): boolean {
    return this.store !== undefined;
  }

  /** Keeps a picture for a story. Rejects with a PictureError, a BlobError or a KeyStoreError; then nothing of it was kept. */
  async keep(story: string, bytes: Buffer, named: Named, now: number): Promise<Uploaded> {
    // First, since nobody could show a picture without a ticket.
    const secret = await this.ticketSecret();
    if (!this.isPrepared) await prepareBlobStore(this.settings!);
    this.isPrepared = true;
    const { picture, offered } = await keepPicture(this.store!, this.pictures, bytes, named);
    const expires = new Date(now + ticketMs).toISOString();
    const { colour, original, credentials } = picture;
    const { name, type, width, height } = original;
    return {
      picture: name,
      ticket: sealTicket(secret, story, picture, expires),
      expires,
      ...{ type, width, height, colour, offered },
      ...(credentials && { credentials }),
    };
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
    await Promise.all([this.pictures.close(), this.store?.close()]);
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

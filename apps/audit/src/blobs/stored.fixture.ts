import { openBlobStore, prepareBlobStore, type BlobStore } from '#blobs';
import type { KeptFile, KeptPicture } from '#domain';
import { keepPicture } from '#media';
import { openPictures } from '#pictures';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The names of all files of a picture. */
export const namesOf = ({ original, renditions }: KeptPicture): string[] =>
  [original, ...renditions].map(({ name }) => name);

/** A real blob store in a folder that is deleted at the end. */
export class StoredFiles {
  readonly settings: { readonly BLOB_STORE: string };
  readonly sealed: BlobStore;

  private constructor(private readonly folder: string) {
    this.settings = { BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href };
    this.sealed = openBlobStore(this.settings, 'sealed');
  }

  static async open(): Promise<StoredFiles> {
    const it = new StoredFiles(await mkdtemp(join(tmpdir(), 'dateline-test-')));
    await prepareBlobStore(it.settings);
    return it;
  }

  /** Stores random bytes. What reads names and hashes alone does not notice that nothing is sealed in them. */
  async file(): Promise<KeptFile> {
    const bytes = randomBytes(1_000);
    const name = sha256(bytes);
    const once = async function* () {
      yield bytes;
    };
    await this.sealed.put(name, bytes.length, once());
    return { name, sha256: name, type: 'image/jpeg', width: 4, height: 3, size: 900 };
  }

  async picture(): Promise<KeptPicture> {
    const [original, rendition] = [await this.file(), await this.file()];
    return { secret: randomBytes(16).toString('base64url'), colour: '#224466', original, renditions: [rendition] };
  }

  /** A picture that opens, as an editor-api keeps it. */
  async realPicture(): Promise<KeptPicture> {
    const pictures = openPictures();
    const noise = { type: 'gaussian', mean: 100, sigma: 50 } as const;
    const create = { width: 40, height: 30, channels: 3, background: '#224466', noise } as const;
    try {
      return (await keepPicture(this.sealed, pictures, await sharp({ create }).jpeg().toBuffer())).picture;
    } finally {
      await pictures.close();
    }
  }

  pathOf(name: string): string {
    return join(this.folder, 'blobs', 'sealed', name.slice(0, 2), name);
  }

  /** Cuts the last byte off. */
  damage(name: string): Promise<void> {
    return truncate(this.pathOf(name), 999);
  }

  /** Sets the time at which a file was put. */
  async date(name: string, at: Date): Promise<void> {
    await utimes(this.pathOf(name), at, at);
  }

  /** Deletes the store, as if its volume were not mounted. */
  async unmount(): Promise<void> {
    await rm(join(this.folder, 'blobs'), { recursive: true });
  }

  async names(): Promise<string[]> {
    const entries = await readdir(join(this.folder, 'blobs', 'sealed'), { recursive: true, withFileTypes: true });
    return entries
      .filter(entry => entry.isFile())
      .map(({ name }) => name)
      .sort();
  }

  async close(): Promise<void> {
    await this.sealed.close();
    await rm(this.folder, { recursive: true });
  }
}

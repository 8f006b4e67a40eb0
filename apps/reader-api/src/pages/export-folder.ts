import { BlobError, type BlobStat } from '#blobs';
import type { ExportProps } from '#pages';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { problem } from '../http/problems.js';
import type { PublicFiles } from '../http/public-files.js';

/** Maximum number of pictures in an exported folder, and of their bytes. Those beyond it stay at their addresses. */
export const mostPictures = 2_000;
export const mostPictureBytes = 1_000_000_000;
/** How many folders a process sends at a time, and how long one may take, in milliseconds. */
export const mostFolders = 4;
export const longestFolderMs = 600_000;
/** How many pictures are looked for at once. */
const statsAtOnce = 20;
/** The widest rendition in a folder, in pixels. */
const widest = 1_280;

type Entries = ExportProps['entries'];
type Medium = Pick<NonNullable<Entries[number]['media']>[number], 'sources'>;
type Source = Medium['sources'][number];

/** A picture in the folder: its name in the store, where it is below the page, and its size in bytes. */
interface Kept {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** The one rendition of a picture in a folder: JPEG, which every program reads. */
function chosen({ sources }: Medium): Source | undefined {
  const plain = sources.filter(({ type }) => type === 'image/jpeg');
  return plain.findLast(({ width }) => width <= widest) ?? plain[0];
}
const nameOf = ({ href }: Source) => href.slice(href.lastIndexOf('/') + 1);

/** The entries with these pictures: those of the entries, and those of the pages that they link to. */
function withPictures(entries: Entries, to: <Shown extends Medium>(picture: Shown) => Shown): Entries {
  const ofPage = <Page extends { readonly picture?: Medium | undefined }>({ picture, ...page }: Page) => ({
    ...page,
    ...(picture && { picture: to(picture) }),
  });
  return entries.map(entry => ({
    ...entry,
    ...(entry.media && { media: entry.media.map(to) }),
    ...(entry.captures && {
      captures: entry.captures.map(({ again, ...first }) => ({
        ...ofPage(first),
        ...(again && { again: ofPage(again) }),
      })),
    }),
  })) as Entries;
}

/** Sends stories as folders with their pictures, as ZIP files that are made while they are sent. */
export class ExportedFolders {
  private running = 0;

  constructor(private readonly files: Pick<PublicFiles, 'store'>) {}

  /** Runs it in one of the places. Rejects with a 503 if all are taken. */
  async within(work: () => Promise<void>): Promise<void> {
    if (this.running >= mostFolders) throw problem('exports-busy');
    this.running += 1;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      throw problem('blobs-unavailable');
    } finally {
      this.running -= 1;
    }
  }

  /** The entries with the places of their pictures in the folder, and those pictures. One that was withdrawn stays at its address. */
  async placed(entries: Entries): Promise<{ readonly entries: Entries; readonly kept: readonly Kept[] }> {
    const wanted = new Set<string>();
    withPictures(entries, picture => {
      const source = chosen(picture);
      if (source && wanted.size < mostPictures) wanted.add(nameOf(source));
      return picture;
    });
    const kept = new Map<string, Kept>();
    let bytes = 0;
    for (const { name, size } of await this.found([...wanted])) {
      if (bytes + size > mostPictureBytes) continue;
      bytes += size;
      kept.set(name, { name, path: `pictures/${name}.jpg`, size });
    }
    const shown = withPictures(entries, picture => {
      const source = chosen(picture);
      const held = source && kept.get(nameOf(source));
      return held ? { ...picture, sources: [{ ...source, href: held.path }] } : picture;
    });
    return { entries: shown, kept: [...kept.values()] };
  }

  /** Those of these pictures that the store has. */
  private async found(names: readonly string[]): Promise<BlobStat[]> {
    const { store } = this.files;
    if (!store) return [];
    const found: BlobStat[] = [];
    for (let at = 0; at < names.length; at += statsAtOnce) {
      const some = await Promise.all(names.slice(at, at + statsAtOnce).map(name => store.stat(name)));
      found.push(...some.filter(each => each !== undefined));
    }
    return found;
  }

  /** Sends the folder. One picture at a time is read, as fast as the client takes it. */
  async send(response: Response, folder: string, page: string, kept: readonly Kept[]): Promise<void> {
    response.setHeader('Content-Type', 'application/zip');
    response.setHeader('Content-Disposition', `attachment; filename="${folder}.zip"`);
    response.setHeader('Cache-Control', 'no-cache');
    if (response.req.method === 'HEAD') return void response.end();
    const zip = new ZipFile();
    let open: Readable | undefined;
    // A picture that cannot be read breaks the answer off, so that nobody takes a part for the whole.
    const broken = () => response.destroy();
    zip.addBuffer(Buffer.from(page), `${folder}/index.html`);
    for (const { name, path, size } of kept)
      zip.addReadStreamLazy(`${folder}/${path}`, { size, compress: false }, next => {
        // The library goes on without the reader, and nobody would take the bytes or close them.
        if (response.destroyed) return;
        open = Readable.from(this.files.store!.get(name));
        // The library does not listen, and an error that nobody listens to ends the process.
        open.on('error', broken);
        next(null, open);
      });
    zip.end();
    const late = setTimeout(() => response.destroy(), longestFolderMs);
    zip.on('error', broken);
    await pipeline(zip.outputStream, response).catch(() => response.destroy());
    clearTimeout(late);
    open?.destroy();
  }
}

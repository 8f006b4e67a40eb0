import { BlobError, type BlobStore } from '#blobs';
import { AnyUploaded, partBytes, type NewUpload, type OpenUpload } from '#contract';
import { markOf, newFileSecret, openUpload, sealUpload } from '#keys';
import { PictureError, type Named } from '#pictures';
import { Problem } from '#platform';
import { bytesIn, RecordingError, type Pieces } from '#recordings';
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { putPiece, storedPieces } from './spool.js';
import { mostOpenUploads, type UploadRow, type UploadStore } from './upload-store.js';

/** How often a process removes uploads that have expired, in milliseconds. */
const sweepMs = 60_000;

/** What is sealed in the row of an upload. */
const Secrets = z.strictObject({
  secret: z.base64url(),
  sha256: z.string(),
  name: z.string().optional(),
  type: z.string().optional(),
});

/** What large uploads need of the rest. */
export interface Keeping {
  /** The secret that all editor-apis share. Rejects with a KeyStoreError. */
  secret(): Promise<Uint8Array>;
  /** The sealed part of the store, prepared. Rejects with a BlobError. */
  blobs(): Promise<BlobStore>;
  /** Keeps a whole file, as an upload in one request does. */
  keep(story: string, file: Pieces, named: Named): Promise<AnyUploaded>;
}

/** Whose upload it is: a part of another person's, or for another story, is refused as if there were none. */
export interface UploadOf {
  readonly id: string;
  readonly person: string;
  readonly story: string;
}

/** Takes large files in parts, at whichever process and in any order, so that a lost connection costs one part. */
export class LargeUploads {
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly store: UploadStore,
    private readonly keeping: Keeping,
  ) {
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), sweepMs);
    this.timer.unref();
  }

  /** Begins an upload, or finds the unfinished one of the same file. */
  async begin(person: string, story: string, wanted: NewUpload): Promise<OpenUpload> {
    const secret = await this.keeping.secret();
    const { size, sha256, name, type } = wanted;
    const mark = markOf(secret, person, story, sha256, String(size));
    const before = await this.store.open(person, story, mark);
    if (before) return shown(before);
    const id = randomUUID();
    const sealed = sealUpload(secret, id, 'secrets', {
      secret: newFileSecret().toString('base64url'),
      ...{ sha256, name, type },
    });
    const row = { id, person, story, mark, size, sealed };
    if (!(await this.store.add(row))) {
      await this.store.expireIdle(person);
      await this.sweep(person);
      await this.store.add(row);
    }
    const found = await this.store.open(person, story, mark);
    if (!found) throw tooMany();
    return shown(found);
  }

  /** Keeps a part, sealed. A part that is there already stays. */
  async put(of: UploadOf, number: number, bytes: Buffer): Promise<OpenUpload> {
    const row = await this.found(of);
    if (bytes.length !== sizeOfPart(row.size, number)) throw wrongPart(row.size, number, bytes.length);
    if (row.answer !== null || row.parts.some(part => part.number === number)) return shown(row);
    const blobs = await this.keeping.blobs();
    const { secret } = await this.secretsOf(row);
    const name = await putPiece(blobs, Buffer.from(secret, 'base64url'), bytes);
    // Another request may have brought the same part, or the upload may have ended meanwhile.
    if (!(await this.store.addPart(of.id, { number, name }))) await blobs.delete(name);
    return shown(await this.found(of));
  }

  /** Puts the parts together and keeps the file. A file that is refused leaves nothing. The same question gets the same answer. */
  async finish(of: UploadOf): Promise<AnyUploaded> {
    const row = await this.found(of);
    if (row.answer !== null) return this.answered(row, row.answer);
    const missing = partsOf(row.size).filter(number => !row.parts.some(part => part.number === number));
    if (missing.length > 0) throw unfinished(missing);
    if (!(await this.store.claim(of.id))) throw beingKept();
    try {
      const { secret, sha256, ...named } = await this.secretsOf(row);
      const names = row.parts.map(({ name }) => name);
      const file = storedPieces(await this.keeping.blobs(), Buffer.from(secret, 'base64url'), names, row.size);
      if ((await hashOf(file)) !== sha256) throw differs();
      const uploaded = await this.keeping.keep(of.story, file, named);
      const answer = sealUpload(await this.keeping.secret(), of.id, 'answer', uploaded);
      if (!(await this.store.finish(of.id, answer))) return await this.finish(of);
      // What fails here is done when the upload expires.
      await this.deleteParts(row).catch(() => undefined);
      return uploaded;
    } catch (error) {
      // A request that claimed it before may have finished it and deleted its parts.
      const now = await this.found(of).catch(() => undefined);
      if (now && now.answer !== null) return this.answered(now, now.answer);
      if (isFinal(error)) await this.end(of);
      else await this.store.release(of.id).catch(() => undefined);
      throw error;
    }
  }

  /** Removes uploads that have expired, with their parts: of one person, or of all. */
  async sweep(person?: string): Promise<void> {
    const expired = await this.store.expired(person);
    if (expired.length === 0) return;
    const blobs = await this.keeping.blobs();
    for (const { id, names } of expired) {
      for (const name of names) await blobs.delete(name);
      await this.store.remove(id);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.store.close();
  }

  private async found({ id, person, story }: UploadOf): Promise<UploadRow> {
    const row = await this.store.find(id, person, story);
    if (!row) throw unknownUpload();
    return row;
  }

  private async secretsOf({ id, sealed }: UploadRow): Promise<z.infer<typeof Secrets>> {
    return Secrets.parse(openUpload(await this.keeping.secret(), id, 'secrets', sealed));
  }

  private async answered({ id }: UploadRow, answer: string): Promise<AnyUploaded> {
    return AnyUploaded.parse(openUpload(await this.keeping.secret(), id, 'answer', answer));
  }

  private async deleteParts({ id, parts }: UploadRow): Promise<void> {
    const blobs = await this.keeping.blobs();
    for (const { name } of parts) await blobs.delete(name);
    await this.store.removeParts(id);
  }

  private async end({ id, person }: UploadOf): Promise<void> {
    await this.store.expire(id);
    await this.sweep(person).catch(() => undefined);
  }
}

async function hashOf(file: Pieces): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of bytesIn(file)) hash.update(bytes);
  return hash.digest('hex');
}

const partsOf = (size: number) => Array.from({ length: Math.ceil(size / partBytes) }, (_, number) => number);
const sizeOfPart = (size: number, number: number) => Math.min(partBytes, size - number * partBytes);

const shown = ({ id, size, parts, expires, answer }: UploadRow): OpenUpload => ({
  upload: id,
  partBytes,
  missing: answer === null ? partsOf(size).filter(number => !parts.some(part => part.number === number)) : [],
  expires: expires.toISOString(),
});

/** Whether another try with these parts would fail too: the file is refused, or the store lost some of it. */
function isFinal(error: unknown): boolean {
  if (error instanceof PictureError) return error.code !== 'pictures-busy';
  if (error instanceof RecordingError) return error.code !== 'recordings-busy';
  if (error instanceof BlobError) return error.code !== 'blobs-unreachable' && error.code !== 'blobs-exposed';
  return error instanceof Problem && error.details.code === 'upload-differs';
}

const unknownUpload = () =>
  new Problem(404, 'unknown-upload', 'You have no such upload here, or it has expired. Begin again.');
const tooMany = () => {
  const detail = `You have ${mostOpenUploads} unfinished uploads. Finish one, or wait ten minutes.`;
  return new Problem(429, 'too-many-uploads', detail);
};
const wrongPart = (size: number, number: number, length: number) => {
  const due = sizeOfPart(size, number);
  const detail =
    due > 0 ? `Part ${number} must have ${due} bytes; this one has ${length}.` : `There is no part ${number}.`;
  return new Problem(422, 'wrong-part', detail);
};
const unfinished = (missing: readonly number[]) => {
  const detail = `Parts are missing: ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ' …' : ''}. Send them first.`;
  return new Problem(409, 'upload-unfinished', detail);
};
const beingKept = () =>
  new Problem(503, 'upload-busy', 'Another request is keeping this file. Ask again in a few seconds.');
const differs = () =>
  new Problem(422, 'upload-differs', 'sha256: the parts together have another SHA-256. Nothing was kept; begin again.');

import { canonicalJson, jsonOf } from '#domain';
import { z } from 'zod';
import { Hash } from './head.js';

/** A winning record as the log holds it, and its position. */
export interface LoggedCommit {
  readonly position: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: Uint8Array;
}

// The line is a leaf of signed trees, so its format never changes. Writers of the log choose the header names, and zod's record would
// drop `__proto__`.
const Headers = z.custom<Readonly<Record<string, string>>>(
  value =>
    !!value &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every(text => typeof text === 'string'),
);
const Line = z.union([
  z.strictObject({ headers: Headers, position: z.int().positive(), value: z.string() }),
  z.strictObject({ base64: z.base64(), headers: Headers, position: z.int().positive() }),
]);

/**
 * The commit's line in a bundle, without the line end: RFC 8785 canonical JSON. The value is text if its bytes are UTF-8, and base64
 * otherwise. The leaf of the log's Merkle tree is exactly these bytes.
 */
export function commitLine({ position, headers, value }: LoggedCommit): string {
  const text = textOf(value);
  return canonicalJson({
    headers,
    position,
    ...(text === undefined ? { base64: Buffer.from(value).toString('base64') } : { value: text }),
  });
}

/** Parses a line; undefined if it is not a bundle's line in canonical form. */
export function readCommitLine(line: string): LoggedCommit | undefined {
  const parsed = Line.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { position, headers } = parsed.data;
  const value = 'value' in parsed.data ? Buffer.from(parsed.data.value) : Buffer.from(parsed.data.base64, 'base64');
  const commit = { position, headers, value };
  return commitLine(commit) === line ? commit : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const Bytes = z.base64();

/**
 * A record's original bytes in base64, if its line in commits.jsonl cannot reproduce them: headers that are not UTF-8, occur twice
 * or have no value; a key that is not its stream; or no value.
 */
const RawLine = z.strictObject({
  headers: z.array(z.tuple([Bytes, Bytes.nullable()])),
  key: Bytes.nullable(),
  position: z.int().positive(),
  valueless: z.boolean(),
});

/** A record's bytes without the value, and its position. */
export interface RawCommit {
  readonly position: number;
  readonly key: Uint8Array | null;
  readonly headers: readonly (readonly [name: Uint8Array, value: Uint8Array | null])[];
  readonly valueless: boolean;
}

const base64 = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('base64');
const bytesOf = (text: string) => Buffer.from(text, 'base64');

/** The record's line in raw-records.jsonl, without the line end. */
export const rawLine = ({ key, headers, position, valueless }: RawCommit): string =>
  canonicalJson({
    headers: headers.map(([name, value]) => [base64(name), base64(value)]),
    key: base64(key),
    position,
    valueless,
  });

/** Parses a line; undefined if it is not such a line in canonical form. */
export function readRawLine(line: string): RawCommit | undefined {
  const parsed = RawLine.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { headers, key, ...rest } = parsed.data;
  const raw = {
    ...rest,
    key: key === null ? null : bytesOf(key),
    headers: headers.map(([name, value]) => [bytesOf(name), value === null ? null : bytesOf(value)] as const),
  };
  return rawLine(raw) === line ? raw : undefined;
}

/** A line of a bundle's index, one for each commit: its stream, its leaf and, in a story's bundle, its audit path. */
export const IndexLine = z.strictObject({
  id: Hash,
  leaf: Hash,
  path: z.array(Hash).max(64).optional(),
  position: z.int().positive(),
  seq: z.int().positive(),
  stream: z.string(),
});
export type IndexLine = z.infer<typeof IndexLine>;

/** Writes a line of the index, without the line end: RFC 8785 canonical JSON. */
export const indexLine = (line: IndexLine): string => canonicalJson(line);

/**
 * The state of a development's key at the export. For an exported key, its digest, which shows later whether the key was exchanged or
 * removed. Otherwise a note that the key store had destroyed the key, or had none.
 */
export const KeyDigest = z.union([
  z.strictObject({ development: z.string(), sha256: Hash }),
  z.strictObject({ development: z.string(), lost: z.enum(['destroyed', 'missing']) }),
]);
export type KeyDigest = z.infer<typeof KeyDigest>;

/**
 * A file of a picture at the export: the SHA-256 of its sealed bytes, which is its name in the folder `blobs`, and its size. Or a note
 * that the blob store lacked it, or had other bytes.
 */
export const BlobLine = z.union([
  z.strictObject({ bytes: z.int().nonnegative(), name: Hash }),
  z.strictObject({ lost: z.enum(['missing', 'damaged']), name: Hash }),
]);
export type BlobLine = z.infer<typeof BlobLine>;

/** The key of a development that was not taken down, from the key store. */
export const KeyLine = z.strictObject({ development: z.string(), key: z.string() });
export type KeyLine = z.infer<typeof KeyLine>;

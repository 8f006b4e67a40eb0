import { z } from 'zod';
import { Hash } from './head.js';
import { BadSignature, openSigned, type Signed, type Signer } from './signing.js';

const type = 'dateline-bundle+jws';
/** The format of the bundles that this version writes. */
export const bundleFormat = 'dateline-bundle/3';
/** Older formats, still read: without files of pictures, and without a record of which keys the key store had lost at the export. */
const [withoutFiles, withoutLostKeys] = ['dateline-bundle/2', 'dateline-bundle/1'] as const;

const FileEntry = z.strictObject({
  name: z.string().regex(/^[a-z][a-z-]*\.jsonl$/),
  bytes: z.int().nonnegative(),
  lines: z.int().nonnegative(),
  sha256: Hash,
});
export type FileEntry = z.infer<typeof FileEntry>;

/** The description of a bundle, which its signature covers. */
export const Manifest = z.strictObject({
  format: z.enum([bundleFormat, withoutFiles, withoutLostKeys]),
  /** The whole log, or one story and everything that it depends on. */
  scope: z.union([z.strictObject({ all: z.literal(true) }), z.strictObject({ story: z.string() })]),
  log: z.strictObject({ id: Hash, name: z.string() }),
  /** The number of commits in the log, and the root of their Merkle tree. */
  tree: z.strictObject({ size: z.int().positive(), root: Hash }),
  counts: z.strictObject({
    commits: z.int().positive(),
    streams: z.int().positive(),
    visibility: z.int().nonnegative(),
    /** The number of exported keys. */
    keys: z.int().nonnegative(),
    /** The number of developments whose key the key store no longer had at the export. Absent in format 1. */
    lost: z.int().nonnegative().optional(),
  }),
  /** The last commit of each stream in the bundle, which shows that no later one was left out. Every bundle of a story has this field. */
  heads: z.record(z.string(), z.strictObject({ id: Hash, seq: z.int().positive() })).optional(),
  /** The files that the signature covers: all but keys.jsonl and the manifest itself. The folder `blobs` follows from blobs.jsonl. */
  files: z.array(FileEntry),
  /** ISO 8601, UTC, milliseconds. */
  created: z.iso.datetime({ precision: 3 }),
  /** The id of the key that signed it. */
  kid: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** The bytes of manifest.json, which are signed. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify(Manifest.parse(manifest), undefined, 2)}\n`;

/** Signs the text of manifest.json as a compact JWS. */
export const signManifest = (signer: Signer, text: string): Promise<string> => signer.sign(type, text);

/** Whether the bundle records the state of every development's key at the export. */
export const listsLostKeys = ({ format }: Pick<Manifest, 'format'>): boolean => format !== withoutLostKeys;

/** Whether a bundle of this format can carry files of pictures. */
export const mayCarryFiles = ({ format }: Pick<Manifest, 'format'>): boolean => format === bundleFormat;

/**
 * Opens the text of manifest.jws: a JWS and a line feed. The payload is the text of manifest.json as it was signed. Rejects with
 * BadSignature.
 */
export const openManifest = (text: string): Promise<Signed> =>
  text.endsWith('\n')
    ? openSigned(type, text.slice(0, -1))
    : Promise.reject(new BadSignature('The line feed after the JWS is missing: the file was cut.'));

import { canonicalJson } from '#domain';
import { z } from 'zod';
import { Hash } from './head.js';

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
 * The state of a development's key at the export: its digest where it was exported, which shows whether it was exchanged or removed
 * since; or that the key store had destroyed it, or had none.
 */
export const KeyDigest = z.union([
  z.strictObject({ development: z.string(), sha256: Hash }),
  z.strictObject({ development: z.string(), lost: z.enum(['destroyed', 'missing']) }),
]);
export type KeyDigest = z.infer<typeof KeyDigest>;

/** The key of a development that was not taken down, from the key store. */
export const KeyLine = z.strictObject({ development: z.string(), key: z.string() });
export type KeyLine = z.infer<typeof KeyLine>;

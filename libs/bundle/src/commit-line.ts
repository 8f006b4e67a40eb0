import { canonicalJson, jsonOf } from '#domain';
import { z } from 'zod';

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
 * The commit's line in a bundle, without the line end: RFC 8785 canonical JSON. The value is text where its bytes are UTF-8, and base64
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

/** Parses a line; undefined where it is not a bundle's line in canonical form. */
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

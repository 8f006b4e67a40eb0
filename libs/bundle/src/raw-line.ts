import { canonicalJson, jsonOf } from '#domain';
import { z } from 'zod';

const Bytes = z.base64();

/**
 * A record's original bytes in base64, where its line in commits.jsonl cannot reproduce them: headers that are not UTF-8, occur twice
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

/** Parses a line; undefined where it is not such a line in canonical form. */
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

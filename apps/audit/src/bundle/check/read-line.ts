import type { z } from 'zod';

/** Parses a line of JSON; undefined if it does not match the schema. */
export function readLine<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

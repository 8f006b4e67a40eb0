import type { z } from 'zod';

/** What a line of JSON holds; undefined where that is not of the schema. */
export function readLine<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

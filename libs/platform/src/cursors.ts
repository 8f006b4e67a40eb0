import { jsonOf } from '#domain';
import { z } from 'zod';

/** A non-negative whole number that fits a Postgres integer. */
export const Whole = z.int32().nonnegative();

/** Encodes the end of a page as text, which a client sends back unchanged to get the next page. */
export interface Cursors<Contents> {
  write(contents: Contents): string;
  /** Undefined for text that we did not create. */
  read(text: string): Contents | undefined;
}

/** Cursors whose contents this schema validates. */
export function cursorsOf<Schema extends z.ZodType>(schema: Schema): Cursors<z.infer<Schema>> {
  const write = (contents: z.infer<Schema>) => Buffer.from(JSON.stringify(contents)).toString('base64url');
  return {
    write,
    read(text) {
      const contents = schema.safeParse(jsonOf(Buffer.from(text, 'base64url').toString()));
      return contents.success && write(contents.data) === text ? contents.data : undefined;
    },
  };
}

/** The query parameter that continues after a page. */
export const cursorParameter = <Contents>(read: (text: string) => Contents | undefined) =>
  z
    .string()
    .transform((text, context) => {
      const contents = read(text);
      if (contents === undefined)
        context.addIssue({
          code: 'custom',
          message: 'must be a cursor from `next`; leave it out for the first page',
        });
      return contents ?? z.NEVER;
    })
    .optional()
    .meta({ description: 'Cursor of the page. Follow `next` instead of building one.' });

/** The `limit` parameter: at most `most` items, `usual` by default. */
export const limitUpTo = (most: number, usual: number) => {
  const wrong = `must be a whole number from 1 to ${most}`;
  return z.coerce.number(wrong).int(wrong).min(1, wrong).max(most, wrong).default(usual);
};

/** The field of an answer that leads to the next page. */
export const nextOf = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `The next page of ${what}; null on the last one.` });

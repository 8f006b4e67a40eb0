import { jsonOf } from '#domain';
import { z } from 'zod';

/** A whole number that Postgres holds as an integer. */
export const Whole = z.int32().nonnegative();

/** Cursors of one form: where a page ended, as text that a client hands back as it is. */
export interface Cursors<Contents> {
  write(contents: Contents): string;
  /** Undefined for what was not given out here. */
  read(text: string): Contents | undefined;
}

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

/** The query parameter that goes on where a page ended. */
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

/** How many items a page may hold, and how many it does where nobody says. */
export const limitUpTo = (most: number, usual: number) => {
  const wrong = `must be a whole number from 1 to ${most}`;
  return z.coerce.number(wrong).int(wrong).min(1, wrong).max(most, wrong).default(usual);
};

/** The member of an answer that leads to the next page. */
export const nextOf = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `The next page of ${what}; null on the last one.` });

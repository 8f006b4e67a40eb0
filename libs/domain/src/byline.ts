import { z } from 'zod';
import type { Author } from './author.js';
import { isWebAddress, Line, webAddressNeeded } from './text.js';

/** The most names in a byline, and the most UTF-16 units of each field of a name. */
export const bylineBounds = { names: 5, name: 120, role: 80, place: 80, sameAs: 500 } as const;

const Signature = z
  .strictObject({
    name: Line(bylineBounds.name),
    as: z.enum(['person', 'agency']).optional().meta({ description: 'A person, unless you say otherwise.' }),
    role: Line(bylineBounds.role)
      .optional()
      .meta({ description: 'Such as "economics correspondent". Only for a person.' }),
    place: Line(bylineBounds.place).optional().meta({ description: 'Where they report from, such as "Berlin".' }),
    sameAs: Line(bylineBounds.sameAs)
      .refine(isWebAddress, webAddressNeeded)
      .optional()
      .meta({ title: 'Profile', description: 'The web address of their profile.' }),
  })
  .refine(({ as, role }) => as !== 'agency' || role === undefined, {
    path: ['role'],
    message: 'must be left out for an agency',
  })
  .meta({ id: 'Signature', description: 'A person or an agency who wrote, with role and place.' });

/** Who wrote a content, in the order in which readers see them; an empty list names nobody. It says nothing of who posted. */
export const Byline = z
  .array(Signature)
  .max(bylineBounds.names)
  .refine(names => new Set(names.map(({ name }) => name)).size === names.length, 'must name each one once')
  .meta({
    id: 'Byline',
    description: 'Who wrote it, which may be others than who posted it. An empty list names nobody.',
  });
export type Byline = z.infer<typeof Byline>;

/** The byline of an author who names nobody else: their own name, or undefined where their token gives none that fits. */
export function bylineOf({ name }: Author): Byline | undefined {
  const own = Byline.safeParse([{ name }]);
  return own.success ? own.data : undefined;
}

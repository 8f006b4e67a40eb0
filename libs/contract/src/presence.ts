import { Author, DevelopmentId } from '#domain';
import { z } from 'zod';

/**
 * Bounds of presence: for how many seconds a desk's word holds, after how many it says it again, how many people the feed names in a story,
 * and how many open pages of one person.
 */
export const presenceBounds = { lastsS: 30, againS: 10, people: 100, tabs: 10 } as const;

/** What a person is doing in a story. */
export const presences = ['here', 'writing', 'correcting', 'editing', 'classifying'] as const;

/** What one of a person's open pages says that they do. */
export const NewPresence = z
  .strictObject({
    tab: z
      .string()
      .regex(/^[a-z0-9]{1,40}$/, 'must be 1 to 40 lower-case letters and digits')
      .meta({ description: 'One of the person’s open pages, under an id that it chooses.' }),
    does: z.enum([...presences, 'gone']).meta({ description: '`gone` when the page is closed.' }),
    target: DevelopmentId.optional().meta({ description: 'The development that it is about.' }),
  })
  .meta({ id: 'NewPresence' });
export type NewPresence = z.infer<typeof NewPresence>;

/** A person who is at a story's desk now. */
export const Present = z
  .object({
    person: Author,
    tab: z.string(),
    does: z.enum(presences),
    target: DevelopmentId.nullable(),
    since: z.iso.datetime(),
  })
  .meta({ id: 'Present' });
export type Present = z.infer<typeof Present>;

/** The people at a story's desk now, by id. It locks nothing, and the log knows nothing of it. */
export const Presence = z
  .object({
    people: z.array(Present),
    againS: z.int().meta({ description: 'Say it again after so many seconds.' }),
    lastsS: z.int().meta({ description: 'It ends so many seconds after you said it last.' }),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;

import { actorKinds } from '#domain';
import { z } from 'zod';
import { Actor, Cell, Entry, Former, NamedActor, Story } from './schemas.js';

/** What an answer about the past was made of; asking for its position again gives the same. */
export const AsOf = z
  .object({
    position: z.int().nonnegative(),
    build: z.string().meta({ description: 'The projections that it was folded by.' }),
    knownAt: z.iso.datetime().optional(),
    visibleAt: z.iso.datetime().optional(),
    happenedBy: z.iso.datetime().optional(),
  })
  .meta({ id: 'AsOf', description: 'The moment that the answer is of; there where one was asked for.' });
export type AsOf = z.infer<typeof AsOf>;

/** The member of an answer that says which moment it is of. */
export const ofMoment = { asOf: AsOf.optional() };

export const OneStory = Story.extend(ofMoment).meta({ id: 'OneStory' });
export type OneStory = z.infer<typeof OneStory>;

const body = z
  .string()
  .nullable()
  .meta({ description: 'Markdown as it was written; null where the entry shows none.' });
export const OneEntry = z
  .object({ position: z.int(), story: z.string(), entry: Entry, body, ...ofMoment })
  .meta({ id: 'OneEntry' });
export type OneEntry = z.infer<typeof OneEntry>;

export const History = z
  .object({
    position: z.int(),
    story: z.string(),
    development: z.string(),
    corrections: z.array(Former).meta({ description: 'The latest first.' }),
    next: z.string().nullable().meta({ description: 'Earlier ones; null where there are none.' }),
    ...ofMoment,
  })
  .meta({ id: 'History', description: 'What a development said before each of its corrections.' });
export type History = z.infer<typeof History>;

/** Changes whenever what is known of a story's earlier positions does. */
export const Rewrites = z.int().nonnegative().meta({
  description:
    'Changes when what stands at earlier positions of the story does, as by a takedown. Follow /live with it, and with the position: then it is known whether what you hold is of before or after.',
});

export const Page = z
  .object({
    position: z
      .int()
      .meta({ description: 'Of the story: follow /live?after=&rewrites= from here, and nothing is missed.' }),
    rewrites: Rewrites.optional(),
    story: z.string(),
    entries: z.array(Entry),
    next: z.string().nullable().meta({ description: 'The next page; null on the last one.' }),
    ...ofMoment,
  })
  .meta({ id: 'TimelinePage' });
export type Page = z.infer<typeof Page>;

export const ActorState = z
  .object({
    position: z.int(),
    story: z.string(),
    actor: Actor,
    cells: z.array(Cell),
    next: z.string().nullable().meta({ description: 'The next page of cells; null on the last one.' }),
    ...ofMoment,
  })
  .meta({
    id: 'ActorState',
    description: 'What is known of the actor in the story; each cell cites what it rests on.',
  });
export type ActorState = z.infer<typeof ActorState>;

const StoryActor = NamedActor.extend({
  kind: z.enum(actorKinds).nullable(),
  marks: z.int().meta({ description: 'How many things are said of the actor.' }),
  developments: z.int().meta({ description: 'In how many developments.' }),
  position: z.int().meta({ description: 'Of the latest of them.' }),
}).meta({ id: 'StoryActor' });

export const StoryActors = z
  .object({
    position: z.int(),
    story: z.string(),
    actors: z.array(StoryActor).meta({ description: 'The one of whom most is known first.' }),
    next: z.string().nullable().meta({ description: 'The next page of actors; null on the last one.' }),
    ...ofMoment,
  })
  .meta({ id: 'StoryActors' });
export type StoryActors = z.infer<typeof StoryActors>;

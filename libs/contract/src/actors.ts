import { actorKinds, facets, Occurred, Sourcing, standings } from '#domain';
import { z } from 'zod';
import { ConditionView, Data, Html, Instant, ModalityView, NamedActor, Position, Status, Title } from './schemas.js';

/** An actor's entry in the registry. */
export const Actor = NamedActor.extend({
  takenDown: z.literal(true).optional().meta({ description: 'Present while the entry is taken down.' }),
  kind: z.enum(actorKinds),
  aliases: z.array(z.string()),
  affiliations: z.array(z.string()),
  description: z.string().nullable(),
  wikidata: z.string().nullable(),
  iso3166: z.string().nullable(),
  position: Position,
}).meta({ id: 'Actor' });
export type Actor = z.infer<typeof Actor>;

const Citation = z
  .object({
    development: z.string(),
    kind: z.string(),
    headline: z.string(),
    headlineHtml: Html,
    title: Title,
    value: Data,
    sourcing: Sourcing,
    standing: z.enum(standings),
    modality: ModalityView,
    occurred: Occurred,
    recorded: Instant,
    position: Position,
    status: Status,
    conditions: z.array(ConditionView).meta({ description: 'The conditions that it depends on.' }),
  })
  .meta({ id: 'Citation', description: 'What one development says, and its sourcing.' });

/** One cell of an actor's state, with the developments that it cites. */
export const Cell = z
  .object({
    facet: z.enum(facets),
    key: z.string(),
    current: Citation.nullable().meta({ description: 'Null if every development behind it was superseded.' }),
    citations: z.array(Citation).meta({ description: 'The latest developments that support the cell, newest first.' }),
    total: z.int().meta({ description: 'Total number of citations.' }),
    next: z.string().nullable().meta({ description: 'The page of older citations; null if there are none.' }),
  })
  .meta({ id: 'Cell' });
export type Cell = z.infer<typeof Cell>;

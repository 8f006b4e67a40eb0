import { ActorId, ActorProfile, catalogue, Content, modes } from '#domain';
import { z } from 'zod';

/** All that a form needs to know; whoever fills it in needs no code for a kind. */
export const Catalogue = z
  .object({
    kinds: z.array(z.object({ kind: z.string(), title: z.string(), modes: z.array(z.enum(modes)) })),
    content: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of a development’s content.' }),
    actor: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of an actor’s entry with its id.' }),
  })
  .meta({ id: 'Catalogue' });
export type Catalogue = z.infer<typeof Catalogue>;

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

let made: Catalogue | undefined;

/** The kinds of development with the very schemas that validate, as JSON Schema. */
export const catalogueForForms = (): Catalogue =>
  (made ??= {
    kinds: catalogue.map(({ kind, title, modes: allowed = modes }) => ({ kind, title, modes: [...allowed] })),
    content: jsonSchema(Content),
    actor: jsonSchema(z.strictObject({ id: ActorId, ...ActorProfile.shape })),
  });

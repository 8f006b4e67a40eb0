import { ActorId, ActorProfile, catalogue, Content, modes, StoryId, StoryProfile } from '#domain';
import { z } from 'zod';
import { acts, targets } from './acts.js';

const JsonSchema = z.record(z.string(), z.unknown());

/** All that forms are made of: whoever fills one in needs no code for a kind or an act. */
export const Catalogue = z
  .object({
    kinds: z.array(z.object({ kind: z.string(), title: z.string(), modes: z.array(z.enum(modes)) })),
    acts: z.array(
      z.object({
        act: z.string(),
        title: z.string(),
        on: z.enum(targets),
        roles: z.array(z.string()),
        body: JsonSchema.optional(),
      }),
    ),
    content: JsonSchema.meta({ description: 'JSON Schema of a development’s content.' }),
    actor: JsonSchema.meta({ description: 'JSON Schema of an actor’s entry with its id.' }),
    story: JsonSchema.meta({ description: 'JSON Schema of a story to be opened.' }),
  })
  .meta({ id: 'Catalogue' });
export type Catalogue = z.infer<typeof Catalogue>;

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

let made: Catalogue | undefined;

/** The kinds of development and the acts, with the very schemas that validate, as JSON Schema. */
export const catalogueForForms = (): Catalogue =>
  (made ??= {
    kinds: catalogue.map(({ kind, title, modes: allowed = modes }) => ({ kind, title, modes: [...allowed] })),
    acts: acts.map(({ body, roles, ...act }) => ({
      ...act,
      roles: [...roles],
      ...(body && { body: jsonSchema(body) }),
    })),
    content: jsonSchema(Content),
    actor: jsonSchema(z.strictObject({ id: ActorId, ...ActorProfile.shape })),
    story: jsonSchema(z.strictObject({ id: StoryId, ...StoryProfile.shape })),
  });

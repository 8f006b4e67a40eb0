import { type Catalogue } from '#contract';
import { ActorId, ActorProfile, catalogue, Content, modes, StoryId, StoryProfile } from '#domain';
import { z } from 'zod';
import { acts } from './acts.js';

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

import type { Catalogue, DeskTarget } from '#contract';
import { ActorId, ActorProfile, acts, approvers, catalogue, Content, modes, secondRole, type Act } from '#domain';
import { z } from 'zod';

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** The role that approves a proposal, by the role in which a person makes it. */
const approvals = (act: NonNullable<Act['proposes']>, roles: Act['roles']) =>
  Object.fromEntries(approvers.filter(as => roles.includes(as)).map(as => [as, secondRole({ act, as })]));

let made: Catalogue | undefined;

/** The kinds of development and the acts, with the schemas that validate requests, as JSON Schema. */
export const catalogueForForms = (): Catalogue =>
  (made ??= {
    kinds: catalogue.map(({ kind, title, modes: allowed = modes }) => ({ kind, title, modes: [...allowed] })),
    acts: Object.values<Act>(acts).flatMap(({ route, does, label, on, roles, body, proposes }) =>
      label === undefined
        ? []
        : [
            {
              act: route,
              does,
              title: label,
              on: on as DeskTarget,
              roles: [...roles],
              ...(body && { body: jsonSchema(body) }),
              ...(proposes && { approvedBy: approvals(proposes, roles) }),
            },
          ],
    ),
    content: jsonSchema(Content),
    actor: jsonSchema(z.strictObject({ id: ActorId, ...ActorProfile.shape })),
    story: jsonSchema(acts.openStory.body!),
  });

import { Author, Line } from '#domain';
import { z } from 'zod';

const Act = z.string().meta({ description: 'An act, by the id of its operation, as in `may` of `/me`.' });

/** The most tokens of programs that a story may have, and how long one may be valid, in days. */
export const machineBounds = { tokens: 100, days: 366 } as const;

/** A program's token, without the token itself. */
export const Machine = z
  .object({
    id: z.uuid().meta({ description: 'Commits of the program are by `machine:` and this id.' }),
    name: z.string(),
    acts: z.array(Act),
    by: Author.meta({ description: 'Who made the token.' }),
    made: z.iso.datetime(),
    expires: z.iso.datetime(),
    revoked: z.iso.datetime().nullable(),
    used: z.iso.datetime().nullable().meta({ description: 'When it was last used, to the minute.' }),
  })
  .meta({ id: 'Machine', description: 'A token with which a program acts in one story.' });
export type Machine = z.infer<typeof Machine>;

/** The tokens of a story, newest first, and the acts that a token may be given. */
export const Machines = z
  .object({
    machines: z.array(Machine),
    acts: z.array(z.object({ act: Act, title: z.string() })),
  })
  .meta({ id: 'Machines' });
export type Machines = z.infer<typeof Machines>;

/** A new token, with what it may do. */
export const NewMachine = z
  .strictObject({
    name: Line(100).meta({ description: 'The program’s name, which its posts carry as their author.' }),
    acts: z.array(z.string().max(100)).min(1).max(100).meta({ description: 'The acts that it may perform.' }),
    expires: z.iso
      .datetime({ offset: true, error: 'must be an ISO 8601 instant with an offset' })
      .meta({ description: `When it ends: at most ${machineBounds.days} days from now.` }),
  })
  .meta({ id: 'NewMachine' });
export type NewMachine = z.infer<typeof NewMachine>;

/** A token that was made. It is shown this once. */
export const MadeMachine = Machine.extend({
  token: z.string().meta({ description: 'For `Authorization: Bearer`. Nobody can see it again.' }),
}).meta({ id: 'MadeMachine' });
export type MadeMachine = z.infer<typeof MadeMachine>;

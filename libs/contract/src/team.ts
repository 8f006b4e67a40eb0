import { bounds, teamRoles } from '#domain';
import { z } from 'zod';

/** The team of a story, as the desk shows it. */
export const DeskTeam = z
  .object({
    position: z.int(),
    head: z.string(),
    of: z.enum(['story', 'newsroom']).meta({
      description: '`newsroom`: the story has no team; every editor and reporter may act in it.',
    }),
    members: z
      .array(
        z
          .object({
            id: z.string().meta({ description: 'The subject of the person’s token.' }),
            role: z.enum(teamRoles),
            name: z.string().nullable().meta({
              description: 'The name that came with the person’s last act in the story; null before the first.',
            }),
          })
          .meta({ id: 'DeskMember' }),
      )
      .max(bounds.membersOfStory)
      .meta({ description: 'In the order in which they came.' }),
    role: z.enum(teamRoles).nullable().meta({ description: 'Your role in the team; null if you are not in it.' }),
    roles: z
      .array(z.string())
      .meta({ description: 'Your roles in the story, and those of your token that hold in every story.' }),
    sees: z.boolean().meta({ description: 'Whether you may see what readers of the story cannot see yet.' }),
    may: z
      .array(z.string())
      .meta({ description: 'What you may do in the story and outside of stories, by the ids of acts.' }),
    mayOwn: z.array(z.string()).meta({ description: 'What you may do to the developments that you recorded.' }),
  })
  .meta({ id: 'DeskTeam' });
export type DeskTeam = z.infer<typeof DeskTeam>;

import {
  ActorId,
  ActorProfile,
  approvers,
  DevelopmentId,
  Embargo,
  fates,
  Link,
  modes,
  PostingDefaults,
  reviews,
  Slug,
  StoryId,
  StoryProfile,
  TextId,
} from '#domain';
import { z } from 'zod';
import { DeskProposal } from './proposals.js';

// The editor API's answers to the desk. One definition types the answers, documents the API and types the desk's page.

/** The field of a list's answer that leads to the next page. */
const next = z.string().nullable().meta({ description: 'The next page of items; null on the last one.' });

/** The person a token identifies. */
export const Me = z.object({
  id: z.string(),
  name: z.string().optional(),
  roles: z.array(z.string()),
  may: z.array(z.string()).meta({
    description:
      'The acts that these roles allow outside of stories, and in stories of the whole newsroom, by the id of their operation. A story’s team says what you may do there: see `/stories/{story}/team`.',
  }),
});
export type Me = z.infer<typeof Me>;

/** A story at the desk, and the head of its stream. */
export const DeskStory = z
  .object({
    id: StoryId,
    ...StoryProfile.shape,
    starts: z.iso.datetime().optional().meta({ description: 'When coverage is planned to start.' }),
    ends: z.iso.datetime().optional().meta({ description: 'When coverage is planned to end.' }),
    header: TextId.nullable().meta({
      description:
        'The current version of the header; a takedown names it. Null if the log holds the title in the clear.',
    }),
    status: z.enum(['open', 'closed']),
    pinned: DevelopmentId.nullable(),
    defaults: PostingDefaults,
    review: z
      .enum(reviews)
      .meta({ description: 'What becomes of reporters’ posts: `post` at once, or `submit` for an approval.' }),
    developments: z.int(),
    keyPoints: z
      .object({
        listed: z.int(),
        toRewrite: z.int().meta({ description: 'Struck: a development under it was retracted or taken down.' }),
        toCheck: z.int().meta({ description: 'A development under it was corrected or replaced since.' }),
      })
      .meta({ id: 'KeyPointsToDo', description: 'How many key points it has, and how many an editor should see to.' }),
    head: z.string(),
    seq: z.int(),
    position: z.int().meta({ description: 'Position of the story’s last commit that this version can read.' }),
    readable: z.int().meta({
      description:
        'Position of the story’s last commit that changes anything for readers: a reader who has seen it is up to date.',
    }),
  })
  .meta({ id: 'DeskStory' });
export type DeskStory = z.infer<typeof DeskStory>;

/** The answer with a story's key points, for the desk. */
export const DeskKeyPoints = z
  .object({
    position: z.int(),
    head: z.string(),
    points: z.array(
      z
        .object({
          point: TextId,
          words: z.string().nullable().meta({ description: 'Null if they were taken down.' }),
          cites: z.array(DevelopmentId),
          struckBy: z.array(DevelopmentId).meta({ description: 'Of these, the retracted and taken-down ones.' }),
          changed: z
            .array(DevelopmentId)
            .meta({ description: 'Of these, those corrected or replaced since an editor confirmed the point.' }),
        })
        .meta({ id: 'DeskKeyPoint' }),
    ),
  })
  .meta({ id: 'DeskKeyPoints' });
export type DeskKeyPoints = z.infer<typeof DeskKeyPoints>;

/** A development at the desk: its state, without text. */
export const DeskDevelopment = z
  .object({
    id: DevelopmentId,
    kind: z.string(),
    status: z.enum(['active', 'superseded', 'retracted', 'taken-down']),
    supersededBy: DevelopmentId.nullable(),
    standing: z.string(),
    key: z.boolean(),
    conditions: z.array(Slug),
    links: z.array(Link),
    embargo: Embargo.nullable().meta({ description: 'Null unless the development is under embargo.' }),
    own: z.boolean().meta({ description: 'Whether you recorded it.' }),
    submitted: z.boolean().meta({
      description:
        'Whether it was submitted and is not approved yet. Where reporters submit, its author changes it until then.',
    }),
  })
  .meta({
    id: 'DeskDevelopment',
    description: 'The state of the development in the log. The readers’ API gives its content.',
  });
export type DeskDevelopment = z.infer<typeof DeskDevelopment>;

/** The answer with a page of a story's developments. */
export const DeskDevelopments = z
  .object({
    position: z.int().meta({ description: 'Position in the whole log: this answer includes everything up to it.' }),
    story: DeskStory,
    developments: z.array(DeskDevelopment).meta({ description: 'By id.' }),
    next,
    settled: z.record(Slug, z.enum(fates)),
  })
  .meta({ id: 'DeskDevelopments' });
export type DeskDevelopments = z.infer<typeof DeskDevelopments>;

/** The answer with a page of a story's plain updates that wait to be classified. */
export const DeskUnclassified = z
  .object({
    position: z.int(),
    developments: z
      .array(DeskDevelopment)
      .meta({ description: 'Newest first. A page may be empty and still have a next one.' }),
    next,
  })
  .meta({ id: 'DeskUnclassified' });
export type DeskUnclassified = z.infer<typeof DeskUnclassified>;

/** The targets of acts; a proposal is named by the commit that made it. */
const targets = ['development', 'condition', 'story', 'text', 'proposal'] as const;
/** What an act of the desk is done to. */
export type DeskTarget = (typeof targets)[number];

const JsonSchema = z.record(z.string(), z.unknown());

/** Everything that forms are built from, so that they need no code for a kind or an act. */
export const Catalogue = z
  .object({
    kinds: z.array(z.object({ kind: z.string(), title: z.string(), modes: z.array(z.enum(modes)) })),
    acts: z.array(
      z.object({
        act: z.string(),
        does: z.string().meta({ description: 'The id of its operation, as in `may`.' }),
        title: z.string(),
        on: z.enum(targets),
        roles: z.array(z.string()),
        body: JsonSchema.optional(),
        approvedBy: z
          .partialRecord(z.enum(approvers), z.enum(approvers))
          .optional()
          .meta({ description: 'Of an act that proposes: the role that approves it, by the role that proposes it.' }),
      }),
    ),
    content: JsonSchema.meta({ description: 'JSON Schema of a development’s content.' }),
    actor: JsonSchema.meta({ description: 'JSON Schema of an actor’s entry with its id.' }),
    story: JsonSchema.meta({ description: 'JSON Schema of the body that opens a story.' }),
  })
  .meta({ id: 'Catalogue' });
export type Catalogue = z.infer<typeof Catalogue>;

/** The answer with a page of stories. */
export const DeskStories = z
  .object({ position: z.int(), stories: z.array(DeskStory).meta({ description: 'By id.' }), next })
  .meta({ id: 'DeskStories' });
export type DeskStories = z.infer<typeof DeskStories>;

const DeskActor = z.object({
  id: ActorId,
  ...ActorProfile.shape,
  takenDown: z
    .literal(true)
    .optional()
    .meta({ description: 'Its entry was taken down: the id is shown as the name. An amendment begins a new one.' }),
  proposal: DeskProposal.pick({ proposal: true, ground: true, by: true, as: true, recorded: true, needs: true })
    .extend({
      reason: z.string().nullable().meta({ description: 'Null while the key store is down.' }),
      declines: DeskProposal.shape.declines,
    })
    .optional()
    .meta({ description: 'The open proposal to take down its entry: all versions of it.' }),
});

/** The answer with a page of the registry of actors. */
export const DeskActors = z
  .object({
    position: z.int(),
    actors: z.array(DeskActor).meta({ description: 'By id.' }),
    next,
  })
  .meta({ id: 'DeskActors' });
export type DeskActors = z.infer<typeof DeskActors>;

/** The types of the events in `Won`, to which later versions may add; and the last route segments of acts on a development. */
export type { DevelopmentRoute, StoryEventType } from '#domain';

const Act = z.object({ type: z.string(), development: z.uuid().optional() });

/** What the server changed in a command before it took it. */
export const Notes = z
  .array(z.object({ field: z.string(), message: z.string() }))
  .optional()
  .meta({ description: 'Present if the server changed a field. /commands does not repeat it.' });
export type Notes = z.infer<typeof Notes>;

/** A command that won. The same key and body get the same answer again, byte for byte. */
export const Won = z
  .object({
    status: z.literal('won'),
    command: z.string(),
    commit: z.string(),
    stream: z.string(),
    seq: z.int(),
    position: z.int(),
    recorded: z.iso.datetime(),
    by: z.object({ id: z.string(), name: z.string().optional() }),
    events: z.array(Act),
    development: z.uuid().optional(),
    notes: Notes,
  })
  .meta({ id: 'Won' });
export type Won = z.infer<typeof Won>;

/** The data of a `commit` in a story's feed. */
export const DeskCommit = z
  .object({
    commit: Won,
    story: DeskStory,
    developments: z
      .array(DeskDevelopment)
      .meta({ description: 'The developments that it is about, in their present state.' }),
    settled: z.record(z.string(), z.string()),
  })
  .meta({ id: 'DeskCommit' });
export type DeskCommit = z.infer<typeof DeskCommit>;

/** The desk page's settings, from its server. */
export interface DeskPage {
  readonly story: string | null;
  readonly page: 'desk' | 'machines';
  /** The address of the reader-api; null if it is not set. */
  readonly reader: string | null;
  /** The longest time that the editor API takes to answer a command, in milliseconds. */
  readonly answersWithinMs: number;
  /** How people sign in: at the issuer, with a token of the local key on their own machine, or not at all. */
  readonly signIn: 'issuer' | 'token' | 'none';
  /** Whether the newsroom certifies keys, so that the desk signs commands. */
  readonly signs: boolean;
  /** Whether the newsroom captures pages that are linked to. */
  readonly captures: boolean;
}

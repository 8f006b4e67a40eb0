import { Recording } from './recording.js';
import {
  Byline,
  fates,
  grounds,
  modes,
  mostKeyPoints,
  Occurred,
  relations,
  Sourcing,
  standings,
  FittingCredentials,
} from '#domain';
import { z } from 'zod';
import { captureViewOf } from './captures.js';

// The reader API's answers. One definition types the presenters, documents the API, and is checked in the tests.
export const Instant = z.iso.datetime();
export const Position = z
  .int()
  .nonnegative()
  .meta({ description: 'The number of commits in the log up to and including this one.' });
export const Status = z.enum(['active', 'superseded', 'retracted']);
const By = z
  .string()
  .nullable()
  .meta({ description: 'The name of the person who did it; `byline` says who wrote the text.' });
export const Data = z.record(z.string(), z.unknown()).meta({ description: 'The data in the schema of the kind.' });
export const Title = z.string().meta({
  description:
    'The headline with its reservation, such as “Denied: …”, in the story’s language: use it where you show nothing else. `modality` has the outcome of conditions.',
});
export const Html = z.string().meta({ description: 'Safe to insert into a page unchanged.' });

/** An actor's id and current name. */
export const NamedActor = z
  .object({ id: z.string(), name: z.string().meta({ description: 'A neutral text while the entry is taken down.' }) })
  .meta({ id: 'NamedActor' });

const Fated = z
  .object({
    text: z.string(),
    fate: z.enum(fates).nullable().meta({ description: 'Null while the condition is open.' }),
    reason: z.string().nullable(),
    development: z.string().nullable().meta({ description: 'The development that settled the condition.' }),
    position: Position.nullable(),
  })
  .meta({ id: 'ConditionState' });
const Conditions = z.record(z.string(), Fated).meta({ description: 'Keyed by condition id.' });
export const ConditionView = Fated.extend({ id: z.string() }).meta({ id: 'ConditionWithFate' });

export const ModalityView = z.object({ mode: z.enum(modes), conditions: z.array(ConditionView) }).meta({
  id: 'ModalityWithFates',
  description: 'Whether it is a fact, is planned, is denied, or depends on all of these conditions.',
});

const side = z.int().min(1);
const Source = z.object({
  href: z.string().meta({ description: 'Where it is on this server; the bytes there never change.' }),
  type: z.string(),
  width: side,
  height: side,
});
/** A picture of an entry. */
export const Medium = z
  .object({
    picture: z.string().meta({ description: 'Names it in a correction that shows it again.' }),
    alt: z.string().meta({ description: 'What it shows; empty where it only decorates.' }),
    caption: z.string().optional(),
    credit: z.string().optional(),
    rights: z.string().optional(),
    focus: z
      .object({ x: z.int(), y: z.int() })
      .optional()
      .meta({ description: 'What must stay visible where it is cut: per cent from the left and the top.' }),
    width: side.meta({ description: 'Of the original, in pixels.' }),
    height: side,
    colour: z
      .string()
      .nullable()
      .meta({ description: 'Its average colour, #rrggbb, to show until it is loaded; null if it may be transparent.' }),
    credentials: FittingCredentials.optional(),
    sources: z.array(Source).meta({ description: 'Its renditions: for each type, the narrowest first.' }),
    recording: Recording.optional(),
  })
  .meta({
    id: 'Medium',
    description:
      'A picture, without metadata of the camera. With `recording`, it is the poster of a video or the cover of a sound.',
  });
export type Medium = z.infer<typeof Medium>;

/** The picture that represents a story. */
export const LeadPicture = Medium.extend({
  development: z.string().meta({ description: 'The update that shows it.' }),
}).meta({
  id: 'LeadPicture',
  description: 'The first picture of the pinned update, or else of the newest of the last 100 updates that has one.',
});
export type LeadPicture = z.infer<typeof LeadPicture>;

const CaptureView = captureViewOf(Medium);
export type CaptureView = z.infer<typeof CaptureView>;

const Reported = z.object({
  kind: z.string(),
  headline: z.string().meta({ description: 'Plain text as the editor wrote it.' }),
  headlineHtml: Html,
  bodyHtml: Html.nullable(),
  data: Data.nullable(),
  occurred: Occurred,
  sourcing: Sourcing,
  modality: ModalityView,
  byline: Byline.nullable().meta({
    description: 'Who wrote it. Null for a content from before bylines; then `by` is all that is known.',
  }),
  media: z.array(Medium).optional().meta({ description: 'Its pictures. Left out where it has none.' }),
  captures: z
    .array(CaptureView)
    .optional()
    .meta({ description: 'Pages that it links to, as the newsroom captured them. Left out where it has none.' }),
});

const act = { position: Position, recorded: Instant, by: By };
const Check = z.object({ verdict: z.enum(['verified', 'disputed']), note: z.string(), ...act }).meta({ id: 'Check' });
const correction = { wrong: z.string(), reason: z.string(), ...act };
const Correction = z.object(correction).meta({
  id: 'Correction',
  description: 'What was wrong, why, by whom and when it was corrected. The history gives the former content.',
});
/** An entry's text before a correction. */
export const Former = z.object({ ...correction, was: Reported }).meta({
  id: 'Former',
  description: 'What was wrong, why, by whom and when it was corrected, and the former content.',
});
export type Former = z.infer<typeof Former>;
const Edit = z.object(act).meta({
  id: 'Edit',
  description: 'A minor edit: spelling, grammar or a dead link. `…/edits` gives the former text.',
});
/** An entry's text before a minor edit. */
export const FormerText = z
  .object({ ...act, was: z.object({ headline: z.string(), headlineHtml: Html, bodyHtml: Html.nullable() }) })
  .meta({ id: 'FormerText', description: 'When and by whom a minor edit was made, and the former text.' });
export type FormerText = z.infer<typeof FormerText>;
const Retraction = z.object({ reason: z.string(), ...act }).meta({ id: 'Retraction' });

const LinkView = z
  .object({ as: z.enum(relations), development: z.string(), headline: z.string(), headlineHtml: Html, title: Title })
  .meta({ id: 'LinkWithHeadline', description: 'A link to another development of the story, and the relation to it.' });
const Lifted = z.object(act).meta({ id: 'Lifted' });

const place = {
  id: z.string(),
  recorded: Instant,
  by: By,
  position: Position,
  changed: Position,
  key: z.boolean(),
  pinned: z.boolean(),
  supersedes: z.array(z.string()),
  supersededBy: z.string().nullable(),
  lifted: Lifted.nullable().meta({ description: 'When its embargo was lifted; null if it had none.' }),
};

/** An entry that readers can read. */
export const ReadableEntry = Reported.extend({
  ...place,
  title: Title,
  status: Status,
  standing: z.enum(standings),
  actors: z.array(NamedActor),
  links: z.array(LinkView).meta({ description: 'Links to developments that readers can read.' }),
  checks: z.array(Check),
  corrections: z.array(Correction),
  edits: z.array(Edit).meta({ description: 'Minor edits, which are no corrections.' }),
  retraction: Retraction.nullable(),
}).meta({
  id: 'ToldEntry',
  description: 'A development. A retracted one keeps its headline and gives the reason; its body and data are null.',
});
export type ReadableEntry = z.infer<typeof ReadableEntry>;

/** The takedown of an entry. */
export const Takedown = z
  .object({ ground: z.enum(grounds), position: Position, recorded: Instant })
  .meta({ id: 'Takedown', description: 'The ground of the takedown, and when the log recorded it.' });
export type Takedown = z.infer<typeof Takedown>;

const gone = z.null();
const none = z.array(z.never());
const TakenDownEntry = z
  .object({
    ...place,
    kind: z.string(),
    status: z.literal('taken-down'),
    title: Title,
    headline: gone,
    headlineHtml: gone,
    bodyHtml: gone,
    data: gone,
    occurred: gone,
    sourcing: gone,
    modality: gone,
    byline: gone,
    standing: gone,
    actors: none,
    links: none,
    checks: none,
    corrections: none,
    edits: none,
    retraction: gone,
    takedown: Takedown.nullable().meta({ description: 'Null if this version cannot read it yet.' }),
  })
  .meta({ id: 'TakenDownEntry', description: 'The placeholder for a development that was taken down.' });
/** The placeholder of an entry that was taken down. */
export type TakenDownEntry = z.infer<typeof TakenDownEntry>;

/** An entry of a timeline, or the placeholder of one that was taken down. */
export const Entry = z.discriminatedUnion('status', [ReadableEntry, TakenDownEntry]).meta({ id: 'Entry' });
export type Entry = z.infer<typeof Entry>;

/** The most versions of a header that one answer lists. */
export const mostHeaders = 20;

/** A version of a story's header. */
export const HeaderVersion = z
  .object({
    text: z
      .string()
      .nullable()
      .meta({ description: 'Its id, which a takedown names. Null in stories from before there were ids.' }),
    title: z.string().nullable().meta({ description: 'Null if it was taken down.' }),
    summary: z.string().nullable().meta({ description: 'The standfirst.' }),
    zone: z.string(),
    language: z.string().nullable(),
    starts: Instant.nullable().meta({ description: 'When coverage is planned to start.' }),
    ends: Instant.nullable().meta({ description: 'When coverage is planned to end.' }),
    ...act,
    reason: z.string().nullable().meta({ description: 'Why it replaced the one before. Null for the first.' }),
    takedown: Takedown.nullable(),
  })
  .meta({ id: 'HeaderVersion' });
export type HeaderVersion = z.infer<typeof HeaderVersion>;

const Cited = z
  .object({
    development: z.string(),
    title: Title,
    status: z.enum(['active', 'superseded', 'retracted', 'taken-down']),
  })
  .meta({ id: 'KeyPointCite' });

/** A key point of a story. */
export const KeyPoint = z
  .object({
    text: z.string().meta({ description: 'The id of its words, which a takedown names.' }),
    words: z.string().nullable().meta({ description: 'Null if they were taken down.' }),
    cites: z.array(Cited).meta({ description: 'The developments that it rests on, as readers may see them.' }),
    position: Position.meta({ description: 'When its words, or what it cites, changed last.' }),
    recorded: Instant,
    first: Position.meta({ description: 'When it came into the list, in these words or in earlier ones.' }),
    struck: z
      .object({ development: z.string(), status: z.enum(['retracted', 'taken-down']), recorded: Instant.nullable() })
      .nullable()
      .meta({
        description: 'The first development under it that was retracted or taken down: show the point as struck.',
      }),
    takedown: Takedown.nullable(),
  })
  .meta({ id: 'KeyPoint' });
export type KeyPoint = z.infer<typeof KeyPoint>;

/** A story without its entries. */
export const Story = z
  .object({
    id: z.string(),
    title: z.string().meta({ description: 'A neutral text while the current header is taken down.' }),
    summary: z.string().nullable(),
    zone: z.string(),
    language: z.string().nullable(),
    starts: Instant.nullable().meta({ description: 'When coverage is planned to start.' }),
    ends: Instant.nullable().meta({ description: 'When coverage is planned to end.' }),
    status: z.enum(['open', 'closed']),
    opened: Instant,
    closed: Instant.nullable(),
    ended: Instant.nullable().meta({ description: 'When coverage ended; null while the story is open.' }),
    continues: z
      .string()
      .nullable()
      .meta({ description: 'The story in which the coverage goes on, by its id. It may not exist yet.' }),
    developments: z.int(),
    position: Position,
    recorded: Instant,
    pinned: z.string().nullable(),
    conditions: Conditions,
  })
  .meta({ id: 'Story' });
export type Story = z.infer<typeof Story>;

/** The changes of one commit to a story. */
export const Change = z
  .object({
    position: Position,
    story: z.string(),
    recorded: Instant,
    by: By,
    acts: z.array(
      z.looseObject({ act: z.string(), development: z.string().optional(), condition: z.string().optional() }),
    ),
    entries: z.array(Entry).meta({
      description:
        'Every entry that changed, in its state after the change. Links of other entries to it have its title from then on; if it is retracted or taken down, they are gone.',
    }),
    conditions: Conditions.optional().meta({ description: 'The conditions that were settled, keyed by id.' }),
    status: z.enum(['open', 'closed']).optional().meta({ description: 'The story’s status, if it changed.' }),
    continues: z
      .string()
      .optional()
      .meta({ description: 'Of a story that was closed: the story in which the coverage goes on.' }),
    headers: z
      .array(HeaderVersion)
      .max(mostHeaders)
      .optional()
      .meta({ description: 'The latest versions of the story’s header, the current one first, if it changed.' }),
    keyPoints: z
      .array(KeyPoint)
      .max(mostKeyPoints)
      .optional()
      .meta({ description: 'The story’s key points, if they changed, or a development that they cite.' }),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

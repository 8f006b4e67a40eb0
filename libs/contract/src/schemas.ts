import { actorKinds, facets, fates, grounds, modes, Occurred, relations, Sourcing, standings } from '#domain';
import { z } from 'zod';

// What readers' apps get. One definition: it types the presenters, documents the API and is checked in the tests.
const Instant = z.iso.datetime();
const Position = z.int().nonnegative().meta({ description: 'How many commits of the log had won, this one included.' });
const Status = z.enum(['active', 'superseded', 'retracted']);
const By = z.string().nullable().meta({ description: 'The name that the editor signs with.' });
const Data = z.record(z.string(), z.unknown()).meta({ description: 'As the kind of development has it.' });
const Title = z.string().meta({
  description:
    'The headline with what keeps it from being a plain fact, such as “Denied: …”, in the story’s language: for where nothing else is shown. What became of conditions is in `modality`.',
});
const Html = z.string().meta({ description: 'Safe to put into a page as it is.' });

export const NamedActor = z.object({ id: z.string(), name: z.string() }).meta({ id: 'NamedActor' });

const Fated = z
  .object({
    text: z.string(),
    fate: z.enum(fates).nullable().meta({ description: 'Null while it is open.' }),
    reason: z.string().nullable(),
    development: z.string().nullable().meta({ description: 'The development that settled it.' }),
    position: Position.nullable(),
  })
  .meta({ id: 'ConditionState' });
const Conditions = z.record(z.string(), Fated).meta({ description: 'By their ids.' });
const ConditionView = Fated.extend({ id: z.string() }).meta({ id: 'ConditionWithFate' });

const ModalityView = z.object({ mode: z.enum(modes), conditions: z.array(ConditionView) }).meta({
  id: 'ModalityWithFates',
  description: 'Whether it is so, is planned, is denied, or hangs on all of these conditions.',
});

const Reported = z.object({
  kind: z.string(),
  headline: z.string().meta({ description: 'Plain text as it was written.' }),
  headlineHtml: Html,
  bodyHtml: Html.nullable(),
  data: Data.nullable(),
  occurred: Occurred,
  sourcing: Sourcing,
  modality: ModalityView,
});

const act = { position: Position, recorded: Instant, by: By };
const Check = z.object({ verdict: z.enum(['verified', 'disputed']), note: z.string(), ...act }).meta({ id: 'Check' });
const correction = { wrong: z.string(), reason: z.string(), ...act };
const Correction = z.object(correction).meta({
  id: 'Correction',
  description: 'What was wrong, why it was changed, by whom and when. What it said before is in its history.',
});
export const Former = z.object({ ...correction, was: Reported }).meta({
  id: 'Former',
  description: 'What was wrong, why it was changed, by whom and when, and what it was before.',
});
export type Former = z.infer<typeof Former>;
const Retraction = z.object({ reason: z.string(), ...act }).meta({ id: 'Retraction' });

const LinkView = z
  .object({ as: z.enum(relations), development: z.string(), headline: z.string(), headlineHtml: Html, title: Title })
  .meta({ id: 'LinkWithHeadline', description: 'To another development of the story, and what it is to that one.' });
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
  lifted: Lifted.nullable().meta({ description: 'When its embargo was lifted; null where it had none.' }),
};

export const ToldEntry = Reported.extend({
  ...place,
  title: Title,
  status: Status,
  standing: z.enum(standings),
  actors: z.array(NamedActor),
  links: z.array(LinkView).meta({ description: 'Those whose other end can be read.' }),
  checks: z.array(Check),
  corrections: z.array(Correction),
  retraction: Retraction.nullable(),
}).meta({
  id: 'ToldEntry',
  description: 'A development. A retracted one keeps its headline and says why; its body and data are null.',
});
export type ToldEntry = z.infer<typeof ToldEntry>;

export const Takedown = z
  .object({ ground: z.enum(grounds), position: Position, recorded: Instant })
  .meta({ id: 'Takedown', description: 'On what ground it was taken down, and when the log had it.' });
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
    standing: gone,
    actors: none,
    links: none,
    checks: none,
    corrections: none,
    retraction: gone,
    takedown: Takedown.nullable().meta({ description: 'Null where the newsroom’s version cannot read it yet.' }),
  })
  .meta({ id: 'TakenDownEntry', description: 'What stands in the place of a development that was taken down.' });
export type TakenDownEntry = z.infer<typeof TakenDownEntry>;

export const Entry = z.discriminatedUnion('status', [ToldEntry, TakenDownEntry]).meta({ id: 'Entry' });
export type Entry = z.infer<typeof Entry>;

export const Story = z
  .object({
    id: z.string(),
    title: z.string(),
    summary: z.string().nullable(),
    zone: z.string(),
    language: z.string().nullable(),
    status: z.enum(['open', 'closed']),
    opened: Instant,
    closed: Instant.nullable(),
    developments: z.int(),
    position: Position,
    recorded: Instant,
    pinned: z.string().nullable(),
    conditions: Conditions,
  })
  .meta({ id: 'Story' });
export type Story = z.infer<typeof Story>;

export const Change = z
  .object({
    position: Position,
    story: z.string(),
    recorded: Instant,
    by: By,
    acts: z.array(
      z.looseObject({ act: z.string(), development: z.string().optional(), condition: z.string().optional() }),
    ),
    entries: z.array(Entry).meta({ description: 'Every entry that changed, as it stands after the change.' }),
    conditions: Conditions.optional().meta({ description: 'Those that were settled, by their ids.' }),
    status: z.enum(['open', 'closed']).optional().meta({ description: 'The story’s, where it changed.' }),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

export const Actor = NamedActor.extend({
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
    conditions: z.array(ConditionView).meta({ description: 'Those that it hangs on.' }),
  })
  .meta({ id: 'Citation', description: 'What one development says, and how it is known.' });

export const Cell = z
  .object({
    facet: z.enum(facets),
    key: z.string(),
    current: Citation.nullable().meta({ description: 'Null when all that said so was superseded.' }),
    citations: z.array(Citation).meta({ description: 'What the cell rests on, newest first; the latest of it.' }),
    total: z.int().meta({ description: 'How many there are of these in all.' }),
    next: z.string().nullable().meta({ description: 'Where the older ones are; null where these are all.' }),
  })
  .meta({ id: 'Cell' });
export type Cell = z.infer<typeof Cell>;

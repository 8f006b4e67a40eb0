import { z } from 'zod';
import type { Author } from './author.js';
import { capitalised, isolated } from './bidi.js';
import { Byline, bylineOf } from './byline.js';
import { asSentCaptures, Captures, keptCaptures, SentCaptures } from './capture.js';
import { isRefusal, type Refusal } from './errors.js';
import { catalogue, kindNamed } from './developments/index.js';
import { headlineLimit, type Kind, type Mark } from './developments/kind.js';
import { closedLine, listed, quotedIn } from './developments/wording.js';
import { bases, Modality, modes, Sourcing, standings } from './sourcing.js';
import { asSentMedia, keptMedia, Media, SentMedia, type KeptIn } from './media.js';
import { cutToSecond, Occurred, SentOccurred } from './occurred.js';
import { actorsIn, mapActors, type Path } from './references.js';
import { Line, Text } from './text.js';

const body = Text(50_000).meta({ description: 'Markdown.' });
const headline = Line(headlineLimit).optional();

const modesOf = (allowed: readonly string[]) =>
  Modality.refine(m => allowed.includes(m.mode), {
    path: ['mode'],
    message: `must be one of ${allowed.join(', ')} for this kind`,
  });

/** The fields of every kind, beside its data. */
const commonOf = ({ needsBody, modes: allowed = modes }: Kind) => ({
  headline,
  body: needsBody ? body : body.optional(),
  occurred: Occurred,
  sourcing: Sourcing,
  modality: modesOf(allowed),
  /** Absent in contents from before bylines, and where the author's token has no name. */
  byline: Byline.optional(),
});
type Common = Omit<ReturnType<typeof commonOf>, 'body'> & { body: z.ZodOptional<typeof body> };

/** One schema for each kind, selected by the kind's name. `fields` gives the fields of a kind. */
const byKind = <Fields>(id: string, fields: (kind: Kind) => z.ZodRawShape, kinds = catalogue) =>
  z
    .discriminatedUnion(
      'kind',
      kinds.map(kind =>
        z.strictObject({ kind: z.literal(kind.kind), ...fields(kind) }).meta({ id: `${id}_${kind.kind}` }),
      ) as unknown as [z.ZodObject<{ kind: z.ZodString } & Fields>],
      {
        error: issue =>
          issue.code === 'invalid_union' ? `must be one of ${kinds.map(k => k.kind).join(', ')}` : undefined,
      },
    )
    .meta({ id });

/** The report in one development: a kind of the catalogue, its data, and its sourcing. */
export const Content = byKind<
  Common & { data: z.ZodObject; media: z.ZodOptional<typeof Media>; captures: z.ZodOptional<typeof Captures> }
>('Development', kind => ({
  data: kind.schema,
  ...commonOf(kind),
  captures: Captures.optional(),
  media: Media.optional(),
}));
export type Content = z.infer<typeof Content>;

const orDefault = <Schema extends z.ZodType>(schema: Schema, value: object) =>
  schema.optional().meta({ default: value }) as z.ZodOptional<Schema>;

/** What a client sends otherwise than the log holds it, because it shows pictures. */
const sentPictures = { captures: SentCaptures.optional(), media: SentMedia.optional() };
type SentPictures = typeof sentPictures;

/** The data as a client may send it: optional for a kind whose fields are all optional. */
const sentData = ({ schema }: Kind) => (schema.safeParse({}).success ? orDefault(schema, {}) : schema);

/** A whole content as a client may send it: instants may have fractions of a second. `filledIn` makes it a `Content`. */
export const SentContent = byKind<
  Omit<Common, 'occurred'> & { data: z.ZodOptional<z.ZodObject>; occurred: typeof SentOccurred } & SentPictures
>('SentDevelopment', kind => ({
  data: sentData(kind),
  ...commonOf(kind),
  occurred: SentOccurred,
  ...sentPictures,
}));
export type SentContent = z.infer<typeof SentContent>;

const classified = catalogue.filter(({ unclassified }) => !unclassified);

/** The part of a content that a classification replaces: a kind that says more, and its data. */
export const Classification = byKind<{ data: z.ZodObject }>(
  'Classification',
  ({ schema }) => ({ data: schema }),
  classified,
);
export type Classification = z.infer<typeof Classification>;

/** A classification as a client may send it. */
export const SentClassification = byKind<{ data: z.ZodOptional<z.ZodObject> }>(
  'SentClassification',
  kind => ({ data: sentData(kind) }),
  classified,
);

/**
 * The source and the mode of a post that leaves them out. The log holds them in the clear, so they contain no text that people wrote: a
 * basis that must name or describe a source, and conditions, can only be in a post.
 */
export const PostingDefaults = z
  .strictObject({
    sourcing: z.strictObject({ basis: z.enum(bases).exclude(['on-record', 'anonymous']), standing: z.enum(standings) }),
    modality: z.strictObject({ mode: z.enum(modes).exclude(['conditional']) }),
  })
  .meta({ id: 'PostingDefaults', description: 'The source and the mode of a post that leaves them out.' });
export type PostingDefaults = z.infer<typeof PostingDefaults>;

/** The posting defaults of a story that has set none. They invent nothing: the desk reports a fact that nobody else has confirmed. */
export const newsroomDefaults: PostingDefaults = {
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
};
const defaults = { occurred: { precision: 'unknown' }, ...newsroomDefaults } as const;
const ofStory = 'Default: that of the story’s posting defaults, or else as given here.';

/** A new content as a client may send it: `SentContent`, where every field with a default may be left out. */
export const NewContent = byKind<
  {
    data: z.ZodOptional<z.ZodObject>;
    headline: Common['headline'];
    body: Common['body'];
    byline: Common['byline'];
    occurred: z.ZodOptional<typeof SentOccurred>;
    sourcing: z.ZodOptional<Common['sourcing']>;
    modality: z.ZodOptional<Common['modality']>;
  } & SentPictures
>('NewDevelopment', kind => {
  const { sourcing, modality, byline, ...common } = commonOf(kind);
  return {
    data: sentData(kind),
    ...common,
    byline: byline.meta({ description: 'Who wrote it. Left out: the name in your token. An empty list names nobody.' }),
    occurred: orDefault(SentOccurred, defaults.occurred),
    sourcing: orDefault(sourcing, defaults.sourcing).meta({ default: defaults.sourcing, description: ofStory }),
    modality: modality.safeParse(defaults.modality).success
      ? orDefault(modality, defaults.modality).meta({ default: defaults.modality, description: ofStory })
      : modality,
    ...sentPictures,
  };
});
export type NewContent = z.infer<typeof NewContent>;

/**
 * The content to record: with the defaults of the fields that the client left out, and instants cut to the second. `by` posts a new
 * content, whose byline is their name by default; a correction without a byline has none. What shows pictures is left out: see `pictured`.
 */
export function filledIn(
  { media: _media, captures: _captures, ...sent }: NewContent | SentContent,
  { sourcing, modality } = newsroomDefaults,
  by?: Author,
): Omit<Content, keyof SentPictures> {
  const byline = sent.byline ?? (by && bylineOf(by));
  return {
    ...sent,
    ...(byline && { byline }),
    data: sent.data ?? {},
    occurred: cutToSecond(sent.occurred ?? defaults.occurred),
    sourcing: sent.sourcing ?? sourcing,
    modality: sent.modality ?? modality,
  };
}

/** The parts of a content that show pictures, as the log holds them. `held`: the content that the development has. */
export function pictured(
  { media: sentMedia, captures: sentCaptures }: Pick<SentContent, keyof SentPictures>,
  keptIn: KeptIn,
  held?: Content,
): Pick<Content, keyof SentPictures> | Refusal {
  const media = sentMedia && keptMedia(sentMedia, keptIn, held?.media);
  if (isRefusal(media)) return media;
  const captures = sentCaptures && keptCaptures(sentCaptures, keptIn, held?.captures);
  if (isRefusal(captures)) return captures;
  return { ...(captures && { captures }), ...(media && { media }) };
}

/** A content as a client sends it again: without what only the newsroom may hold. */
export const asSentContent = <Held extends Partial<Pick<Content, keyof SentPictures>>>({
  media,
  captures,
  ...content
}: Held) => ({
  ...content,
  ...(captures && { captures: asSentCaptures(captures) }),
  ...(media && { media: asSentMedia(media) }),
});

const referencing = z.object({ actor: Sourcing.shape.actor });
/** The parts of a content that may name actors, by kind. Made once, because zod takes longer to make a schema than to use it. */
const schemas = new Map(catalogue.map(({ kind, schema }) => [kind, z.object({ data: schema, sourcing: referencing })]));
const schemaOf = ({ kind }: Pick<Content, 'kind'>) => schemas.get(kind)!;

/** Replaces every actor reference in a content. `path` is relative to the content. */
export function mapContentActors(content: Content, map: (ref: string, path: Path) => string): Content {
  return {
    ...content,
    ...(mapActors(schemaOf(content), { data: content.data, sourcing: content.sourcing }, map) as object),
  };
}

/** Ids of the actors that the content names, its source included; each id once. */
export const actorsOf = (content: Pick<Content, 'kind' | 'data' | 'sourcing'>): string[] =>
  actorsIn(schemaOf(content), content);

/** The editor's headline, or else the kind's. The kind's headline must not present a plan or a condition as a fact. */
export function headlineOf(content: Content, name: (actor: string) => string, language?: string): string {
  if (content.headline !== undefined) return content.headline;
  const made = kindNamed(content.kind)!.headline(content.data, name, quotedIn(language), content.body);
  return closedLine(qualifier(content.modality) + made, headlineLimit);
}

function qualifier({ mode, conditions = [] }: Modality): string {
  if (mode === 'asserted') return '';
  return mode === 'conditional' ? `If ${listed(conditions.map(c => isolated(c.text)))}: ` : `${capitalised(mode)}: `;
}

/** The marks that a content sets on actors, by its kind. */
export const marksOf = (content: Pick<Content, 'kind' | 'data'>): Mark[] =>
  kindNamed(content.kind)!.marks(content.data);

import { z } from 'zod';
import { capitalised, isolated } from './bidi.js';
import { catalogue, kindNamed } from './developments/index.js';
import { headlineLimit, type Mark } from './developments/kind.js';
import { closedLine, listed, quotedIn } from './developments/wording.js';
import { Modality, modes, Sourcing } from './sourcing.js';
import { Occurred } from './occurred.js';
import { actorsIn, mapActors, type Path } from './references.js';
import { Line, Text } from './text.js';

const common = {
  headline: Line(headlineLimit).optional(),
  body: Text(50_000).optional().meta({ description: 'Markdown.' }),
  occurred: Occurred,
  sourcing: Sourcing,
  modality: Modality,
};

const modesOf = (allowed: readonly string[]) =>
  Modality.refine(m => allowed.includes(m.mode), {
    path: ['mode'],
    message: `must be one of ${allowed.join(', ')} for this kind`,
  });

/** The report in one development: a kind of the catalogue, its data, and its sourcing. */
export const Content = z
  .discriminatedUnion(
    'kind',
    catalogue.map(({ kind, schema, modes: allowed = modes }) =>
      z
        .strictObject({ kind: z.literal(kind), data: schema, ...common, modality: modesOf(allowed) })
        .meta({ id: `Development_${kind}` }),
    ) as unknown as [z.ZodObject<typeof common & { kind: z.ZodString; data: z.ZodObject }>],
    {
      error: issue =>
        issue.code === 'invalid_union' ? `must be one of ${catalogue.map(k => k.kind).join(', ')}` : undefined,
    },
  )
  .meta({ id: 'Development' });
export type Content = z.infer<typeof Content>;

const schemaOf = (content: Content) =>
  z.object({ data: kindNamed(content.kind)!.schema, sourcing: z.object({ actor: Sourcing.shape.actor }) });

/** Replaces every actor reference in a content. `path` is relative to the content. */
export function mapContentActors(content: Content, map: (ref: string, path: Path) => string): Content {
  return {
    ...content,
    ...(mapActors(schemaOf(content), { data: content.data, sourcing: content.sourcing }, map) as object),
  };
}

/** Ids of the actors that the content names, its source included; each id once. */
export const actorsOf = (content: Content): string[] => actorsIn(schemaOf(content), content);

/** The editor's headline, or else the kind's. The kind's headline must not present a plan or a condition as a fact. */
export function headlineOf(content: Content, name: (actor: string) => string, language?: string): string {
  if (content.headline !== undefined) return content.headline;
  const made = kindNamed(content.kind)!.headline(content.data, name, quotedIn(language));
  return closedLine(qualifier(content.modality) + made, headlineLimit);
}

function qualifier({ mode, conditions = [] }: Modality): string {
  if (mode === 'asserted') return '';
  return mode === 'conditional' ? `If ${listed(conditions.map(c => isolated(c.text)))}: ` : `${capitalised(mode)}: `;
}

/** The marks that a content sets on actors, by its kind. */
export const marksOf = (content: Content): Mark[] => kindNamed(content.kind)!.marks(content.data);

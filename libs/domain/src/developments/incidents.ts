import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Slug } from '../text.js';
import { cast, defineKind, onEach, Whole } from './kind.js';
import { datelined, grouped, listed, words } from './wording.js';

/** The people of whom an incident may have a count. Stored names: they never change. */
const casualties = [
  'dead',
  'injured',
  'missing',
  'trapped',
  'rescued',
  'evacuated',
  'displaced',
  'stranded',
  'without-power',
  'infected',
  'arrested',
  'detained',
  'held-hostage',
] as const;

const Count = z
  .strictObject({
    of: z.enum(casualties),
    exactly: Whole.optional(),
    least: Whole.optional().meta({ title: 'At least' }),
    most: Whole.optional().meta({ title: 'At most' }),
    by: ActorRef.optional().meta({ description: 'Who gives this count, if it is not the source of the whole report.' }),
  })
  .check(({ value, issues }) => {
    const { exactly, least, most } = value;
    const bad = (field: 'exactly' | 'most', message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value[field] });
    const hasRange = least !== undefined || most !== undefined;
    if (exactly === undefined && !hasRange) bad('exactly', 'must be given, unless least or most is');
    if (exactly !== undefined && hasRange) bad('exactly', 'must be left out where a range is given');
    if (least !== undefined && most !== undefined && least > most) bad('most', 'must not be less than the least');
  });
type Count = z.infer<typeof Count>;

const Incident = z
  .strictObject({
    incident: Slug.meta({
      description:
        'Id of the incident, the same throughout the story: a later count of the same people replaces this one.',
    }),
    what: Line(200).optional().meta({ description: 'What happened, such as "collapse of the pier".' }),
    place: Line(200).optional(),
    affected: ActorRefs.meta({ description: 'To whom it happened: a town or a group, whose state holds the counts.' }),
    counts: z.array(Count).min(1).max(casualties.length),
  })
  .check(({ value: { counts }, issues }) => {
    const seen = new Set<string>();
    counts.forEach(({ of }, i) => {
      if (seen.has(of))
        issues.push({ code: 'custom', path: ['counts', i, 'of'], message: 'must be counted only once', input: of });
      seen.add(of);
    });
  });
export type Incident = z.infer<typeof Incident>;

function numbered({ exactly, least, most }: Count): string {
  if (exactly !== undefined) return grouped(exactly);
  if (least === undefined) return `up to ${grouped(most!)}`;
  return most === undefined ? `at least ${grouped(least)}` : `${grouped(least)} to ${grouped(most)}`;
}
const counted = (count: Count) => `${numbered(count)} ${words(count.of)}`;

/** Kinds about what befalls people. */
export const incidentKinds = [
  defineKind({
    kind: 'incident',
    title: 'Incident',
    momentary: true,
    icon: 'M12 3v10m0 4v.5M5.5 6.5A9 9 0 1 0 18.5 6.5',
    schema: Incident,
    headline: i => datelined(i.place, `${i.what ?? words(i.incident)}: ${listed(i.counts.map(counted))}`),
    lines: (i, name) => i.counts.map(count => `${counted(count)}${count.by ? `, says ${name(count.by)}` : ''}`),
    marks: i => {
      const affected = cast(i.affected);
      const figures = i.counts.map(({ by, ...count }) => ({ by, value: { incident: i.incident, ...count } }));
      return figures.flatMap(({ by, value }) => [
        ...onEach(affected, 'count', () => ({ ...value, by }), `${i.incident}-${value.of}`),
        ...(by === undefined || affected.includes(by) ? [] : [{ actor: by, facet: 'mention' as const, value }]),
      ]);
    },
  }),
];

import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Slug, Text } from '../text.js';
import { cast, defineKind, type Mark, onEach } from './kind.js';
import { after, listed, words } from './wording.js';

const Issue = Slug.meta({ description: 'Id of the issue, the same throughout the story, such as "sanctions".' });
const Demand = Text(1_000);
const Of = ActorRefs.optional().meta({ description: 'Actors who should meet the demand.' });

interface Demanded {
  readonly actor: string;
  readonly demand: string;
  readonly of?: readonly string[] | undefined;
}

const demanded = ({ actor, demand, of }: Demanded, issue: string | undefined): Mark[] => [
  { actor, facet: 'demand', value: { demand, of, issue } },
  ...onEach(cast(of), 'mention', () => ({ by: actor, demand, issue })),
];

/** Kinds about what actors want or support. */
export const stanceKinds = [
  defineKind({
    kind: 'position',
    title: 'Position',
    icon: 'M12 3v2m0 5v11M5 5h11l3 2.5-3 2.5H5z',
    schema: z.strictObject({
      issue: Issue,
      positions: z
        .array(z.strictObject({ actor: ActorRef, stance: Text(1_000), demand: Demand.optional() }))
        .min(1)
        .max(50),
    }),
    headline: ({ issue, positions: [first, ...more] }, name) => {
      if (first && more.length === 0) return `${name(first.actor)} on ${words(issue)}: ${first.stance}`;
      const each = [first!, ...more].map(({ actor, stance }) => `${name(actor)}: ${stance}`);
      return `Positions on ${words(issue)}: ${each.join('; ')}`;
    },
    marks: p =>
      p.positions.flatMap(({ actor, stance, demand }) => [
        { actor, facet: 'position', key: p.issue, value: { issue: p.issue, stance } },
        ...(demand === undefined ? [] : demanded({ actor, demand }, p.issue)),
      ]),
  }),

  defineKind({
    kind: 'demand',
    title: 'Demand',
    icon: 'M4 10v4h3l9 5V5l-9 5zm15-.5a4 4 0 0 1 0 5',
    schema: z.strictObject({ actor: ActorRef, demand: Demand, of: Of, issue: Issue.optional() }),
    headline: (d, name) => `Demand by ${name(d.actor)}${after(' to ', listed((d.of ?? []).map(name)))}: ${d.demand}`,
    marks: d => demanded(d, d.issue),
  }),

  defineKind({
    kind: 'obstacle',
    title: 'Obstacle',
    icon: 'M4 8h16v5H4zm3 5v7m10-7v7M8 13l4-5m2 5 4-5',
    schema: z.strictObject({
      issue: Issue,
      obstacle: Text(1_000),
      actors: ActorRefs.optional(),
      demands: z
        .array(z.strictObject({ actor: ActorRef, demand: Demand, of: Of }))
        .min(1)
        .max(50)
        .optional(),
    }),
    headline: o => `Sticking point on ${words(o.issue)}: ${o.obstacle}`,
    marks: o => [
      ...onEach(cast(o.actors), 'obstacle', () => ({ issue: o.issue, obstacle: o.obstacle }), o.issue),
      ...(o.demands ?? []).flatMap(demand => demanded(demand, o.issue)),
    ],
  }),
];

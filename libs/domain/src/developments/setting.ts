import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Text } from '../text.js';
import { cast, defineKind, type Mark, onEach } from './kind.js';
import { capitalised } from '../bidi.js';
import { after, listed } from './wording.js';

const directions = ['rise', 'fall', 'fluctuation', 'calm', 'halt'] as const;

/** Kinds about the context: markets and background. */
export const settingKinds = [
  defineKind({
    kind: 'market-move',
    title: 'Market move',
    icon: 'm3 17 6-6 4 4 8-9m-6 0h6v6',
    schema: z
      .strictObject({
        market: ActorRef,
        direction: z.enum(directions),
        change: z
          .strictObject({ value: z.number().positive(), unit: Line(40) })
          .optional()
          .meta({ description: 'The size of the move, without a sign: the direction gives the sign.' }),
        reason: Text(500).optional().meta({ description: 'The cause of the move.' }),
      })
      .refine(m => !m.change || (m.direction !== 'calm' && m.direction !== 'halt'), {
        path: ['change'],
        message: 'must be left out unless the direction is rise, fall or fluctuation',
      }),
    headline: (m, name) => {
      const size = m.change && `${m.change.value} ${m.change.unit}`;
      return `${capitalised(m.direction)} in ${name(m.market)}${after(' of ', size)}${after(': ', m.reason)}`;
    },
    marks: m => {
      const move = { direction: m.direction, change: m.change, reason: m.reason };
      const marks: Mark[] = [{ actor: m.market, facet: 'market', key: 'move', value: move }];
      // A move with a known reason is a market's reaction, so it is among the reactions too.
      if (m.reason)
        marks.push({
          actor: m.market,
          facet: 'reaction',
          value: { stances: [{ stance: m.direction, text: m.reason }] },
        });
      return marks;
    },
  }),

  defineKind({
    kind: 'context',
    title: 'Context',
    icon: 'M12 7v14M3 5.5c3-1 6-.5 9 1.5 3-2 6-2.5 9-1.5v13c-3-1-6-.5-9 1.5-3-2-6-2.5-9-1.5z',
    schema: z.strictObject({
      topic: Line(200),
      summary: Text(2_000).optional(),
      actors: ActorRefs.optional().meta({ description: 'Actors whom it is about.' }),
      relation: z
        .strictObject({ between: z.array(ActorRef).length(2), state: Text(500) })
        .optional()
        .meta({ description: 'The relation between two actors.' }),
    }),
    headline: (c, name) =>
      capitalised(c.topic) +
      after(': ', c.summary ?? (c.relation && `${listed(c.relation.between.map(name))}: ${c.relation.state}`)),
    marks: c => {
      const relation = (actor: string, other: string, state: string): Mark => ({
        actor,
        facet: 'relation',
        key: other,
        value: { to: other, state },
      });
      const [a, b] = c.relation?.between ?? [];
      const between = c.relation && a && b ? [relation(a, b, c.relation.state), relation(b, a, c.relation.state)] : [];
      return [...onEach(cast(c.actors), 'context', () => ({ topic: c.topic, summary: c.summary })), ...between];
    },
  }),
];

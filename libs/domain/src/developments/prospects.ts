import { z } from 'zod';
import { capitalised } from '../bidi.js';
import { ActorRefs } from '../references.js';
import { Slug, Text } from '../text.js';
import { cast, defineKind, onEach, others } from './kind.js';
import { words } from './wording.js';

const results = [
  'agreed',
  'partial',
  'failed',
  'decided',
  'undecided',
  'uncertain',
  'postponed',
  'cancelled',
  'ended',
] as const;

/** Kinds about what may happen. */
export const prospectKinds = [
  defineKind({
    kind: 'scenario',
    title: 'Scenario',
    icon: 'M6 21V4M3 7l3-3 3 3m-3 8a4 4 0 0 1 4-4h4a4 4 0 0 0 4-4V4m-3 3 3-3 3 3',
    modes: ['conditional'],
    schema: z.strictObject({
      outcome: Text(1_000).meta({ description: 'The consequence; the modality names the condition.' }),
      issue: Slug.optional().meta({ description: 'The issue, as in a position.' }),
      actors: ActorRefs.optional().meta({ description: 'Actors whom it would affect.' }),
    }),
    headline: s => s.outcome,
    marks: s => {
      const touched = cast(s.actors);
      const prospect = (actor: string) => ({ outcome: s.outcome, issue: s.issue, with: others(touched, actor) });
      return onEach(touched, 'prospect', prospect);
    },
  }),

  defineKind({
    kind: 'outcome',
    title: 'Outcome',
    icon: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm-4-8.5 3 3 5.5-6.5',
    schema: z.strictObject({
      result: z.enum(results),
      summary: Text(1_000),
      of: Slug.optional().meta({
        description: 'Subject of the outcome, such as a meeting’s id. A later outcome of the same subject replaces it.',
      }),
      actors: ActorRefs.optional(),
    }),
    headline: o => {
      const result = o.result === 'partial' ? 'partly agreed' : o.result;
      return `${capitalised(o.of ? `${words(o.of)}, ${result}` : result)}: ${o.summary}`;
    },
    marks: o => onEach(cast(o.actors), 'outcome', () => ({ result: o.result, summary: o.summary, of: o.of }), o.of),
  }),
];

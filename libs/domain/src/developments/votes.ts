import { z } from 'zod';
import { capitalised } from '../bidi.js';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Slug, Text } from '../text.js';
import { cast, defineKind, onEach, others, Whole } from './kind.js';
import { after, grouped, listed, words } from './wording.js';

/** The states of a tally, first to last. Stored names: they never change. */
const tallyStates = ['counting', 'called', 'final'] as const;
/** The outcomes of a called contest for a side. Stored names: they never change. */
const fortunes = ['won', 'through', 'lost'] as const;

const Side = z
  .strictObject({
    party: ActorRef.optional().meta({ description: 'A party or a person. Leave it out for an option.' }),
    option: Line(100).optional().meta({ description: 'An option of a referendum, such as "Yes".' }),
    count: Whole.optional().meta({ description: 'Votes, or seats.' }),
    share: z.number().min(0).max(100).optional().meta({ title: 'Share, %' }),
    fortune: z.enum(fortunes).optional().meta({
      title: 'Has',
      description: 'What this side has won, once it is called. "Through": it reached the next round.',
    }),
  })
  .check(({ value, issues }) => {
    const { party, option, count, share } = value;
    const bad = (field: 'option' | 'count', message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value[field] });
    if ((party === undefined) === (option === undefined))
      bad('option', 'must be given if there is no party, and must be left out if there is one');
    if (count === undefined && share === undefined) bad('count', 'must be given, unless a share is');
  });

/** Shares are rounded, so that together they may be a little more than the whole. */
const roundedWhole = 101;

const Counted = z
  .strictObject({
    counted: Whole,
    total: Whole,
    of: Line(60).meta({ description: 'What is counted, such as "ballot boxes".' }),
  })
  .refine(({ counted, total }) => counted <= total, { path: ['counted'], message: 'must not be more than the total' });

/** The most sides of a tally. */
const mostSides = 50;

const Result = z
  .strictObject({
    contest: Slug.meta({
      description: 'Id of the contest, the same throughout the story: a later result of it replaces this one.',
    }),
    state: z.enum(tallyStates).meta({ description: '"Called": declared before the count ends.' }),
    unit: Line(40).optional().meta({ description: 'What is counted, such as "seats". Default: votes.' }),
    tally: z.array(Side).min(1).max(mostSides),
    counted: Counted.optional().meta({ description: 'How much is counted so far.' }),
  })
  .check(({ value: { state, tally }, issues }) => {
    const seen = new Set<string>();
    tally.forEach(({ party, option, fortune }, i) => {
      const bad = (field: string, message: string) =>
        issues.push({ code: 'custom', path: ['tally', i, field], message, input: tally[i] });
      const side = party ?? option!;
      if (seen.has(side)) bad(party === undefined ? 'option' : 'party', 'must be in the tally only once');
      seen.add(side);
      if (fortune && state === 'counting') bad('fortune', 'must be left out until the contest is called');
    });
    if (tally.reduce((sum, { share = 0 }) => sum + share, 0) > roundedWhole)
      issues.push({ code: 'custom', path: ['tally'], message: 'shares must add up to at most 100 %', input: tally });
  });
export type Result = z.infer<typeof Result>;

type Name = (actor: string) => string;
const sideName = ({ party, option }: Result['tally'][number], name: Name) => (party ? name(party) : option!);
const figure = ({ count, share }: Result['tally'][number], unit: string) =>
  [count !== undefined && `${grouped(count)} ${unit}`, share !== undefined && `${share} %`].filter(Boolean).join(', ');

const countedOf = ({ counted, total, of }: z.infer<typeof Counted>) =>
  `${grouped(counted)} of ${grouped(total)} ${of} counted`;

/** The contest and how far its count is, as it begins a headline. */
function stateOf({ contest, state, tally, counted }: Result, name: Name): string {
  const of = capitalised(words(contest));
  const winners = tally.filter(({ fortune }) => fortune === 'won').map(side => sideName(side, name));
  if (state === 'final') return `${of}, final result`;
  if (state === 'called') return `${of}, called${after(' for ', listed(winners))}`;
  return counted ? `${of}, ${countedOf(counted)}` : `${of}, so far`;
}

const Vote = z
  .strictObject({ for: Whole, against: Whole, abstained: Whole.optional() })
  .meta({ description: 'How the members voted.' });

/** The outcomes of a matter. Stored names: they never change. */
const rulings = ['passed', 'rejected', 'upheld', 'overturned', 'adjourned'] as const;

const Decision = z.strictObject({
  by: ActorRef.meta({ description: 'The court, board or parliament.' }),
  matter: Slug.meta({
    description: 'Id of the matter, the same throughout the story: a later decision on it replaces this one.',
  }),
  decision: Text(1_000),
  ruling: z.enum(rulings).optional(),
  vote: Vote.optional(),
  parties: ActorRefs.optional().meta({ description: 'Actors whom it concerns or binds.' }),
});
export type Decision = z.infer<typeof Decision>;

const voted = ({ for: yes, against, abstained }: z.infer<typeof Vote>) =>
  `${grouped(yes)} to ${grouped(against)}${abstained ? `, ${grouped(abstained)} abstained` : ''}`;

/** Kinds about votes: tallies and decisions. */
export const voteKinds = [
  defineKind({
    kind: 'result',
    title: 'Result',
    icon: 'M5 20V11m7 9V4m7 16v-6M3 20.5h18',
    schema: Result,
    headline: (r, name) => {
      const sides = r.tally.map(side => {
        const { count, share } = side;
        return `${sideName(side, name)} ${share === undefined ? grouped(count!) : `${share} %`}`;
      });
      return `${stateOf(r, name)}: ${listed(sides)}`;
    },
    lines: (r, name) => [
      ...r.tally.map(side => {
        const fortune = after(', ', side.fortune);
        return `${capitalised(sideName(side, name))}: ${figure(side, r.unit ?? 'votes')}${fortune}`;
      }),
      ...(r.counted ? [countedOf(r.counted)] : []),
    ],
    marks: r =>
      r.tally.flatMap(({ party, option: _, ...side }) =>
        party === undefined
          ? []
          : [
              {
                actor: party,
                facet: 'result' as const,
                key: r.contest,
                value: { ...side, contest: r.contest, unit: r.unit, state: r.state, counted: r.counted },
              },
            ],
      ),
  }),

  defineKind({
    kind: 'decision',
    title: 'Decision',
    icon: 'm13 4 6 6m-3-3-7 7-3-3 7-7M4 20l5-5m4 5h8',
    schema: Decision,
    headline: (d, name) =>
      `${name(d.by)} on ${words(d.matter)}: ${d.decision.replace(/[.]$/, '')}${d.vote ? ` (${voted(d.vote)})` : ''}`,
    lines: d => [d.decision, ...(d.vote ? [`Vote: ${voted(d.vote)}`] : [])],
    marks: ({ by, parties, ...told }) => {
      const concerned = others(cast(parties), by);
      return [
        { actor: by, facet: 'decision', key: told.matter, value: { ...told, parties: concerned } },
        ...onEach(concerned, 'decision', () => ({ ...told, by }), told.matter),
      ];
    },
  }),
];

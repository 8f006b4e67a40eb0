import { z } from 'zod';
import { ActorRef } from '../references.js';
import { Line, Slug } from '../text.js';
import { defineKind, type Mark, Whole } from './kind.js';
import { after } from './wording.js';

/** The phases of a match, first to last. Stored names: they never change. */
const phases = ['not-started', 'in-play', 'break', 'extra-time', 'shoot-out', 'ended', 'abandoned'] as const;
/** How a goal was scored. Stored names: they never change. */
const manners = ['goal', 'penalty', 'own-goal'] as const;

const Team = z.strictObject({
  team: ActorRef,
  score: Whole,
  shootout: Whole.optional().meta({ title: 'In the shoot-out' }),
});

const Score = z
  .strictObject({
    match: Slug.meta({
      description: 'Id of the match, the same throughout the story: a later score replaces this one.',
    }),
    teams: z.array(Team).length(2).meta({ description: 'Both teams, the home team first.' }),
    phase: z.enum(phases),
    minute: z.int().min(0).max(999).optional().meta({ description: 'The minute of play.' }),
    added: z.int().min(1).max(99).optional().meta({ title: 'Added time', description: 'The 3 of 90+3.' }),
    scorer: ActorRef.optional().meta({ description: 'Who scored this goal.' }),
    how: z.enum(manners).optional(),
    occasion: Line(200).optional().meta({ description: 'The competition, such as "cup final".' }),
  })
  .check(({ value, issues }) => {
    const bad = (path: (string | number)[], message: string) =>
      issues.push({ code: 'custom', path, message, input: value });
    const [home, away] = value.teams;
    if (home && home.team === away?.team) bad(['teams', 1, 'team'], 'must be another team');
    if (home && (home.shootout === undefined) !== (away?.shootout === undefined))
      bad(['teams', 1, 'shootout'], 'must be given for both teams or for none');
    if (value.added !== undefined && value.minute === undefined) bad(['added'], 'must come with the minute');
    if (value.how && !value.scorer) bad(['how'], 'must come with the scorer');
  });
export type Score = z.infer<typeof Score>;

const minuteOf = ({ minute, added }: Pick<Score, 'minute' | 'added'>) =>
  minute === undefined ? undefined : `${minute}${added === undefined ? '' : `+${added}`}′`;

const pair = (a: number, b: number) => `${a}–${b}`;
const scored = ({ teams: [home, away] }: Score) =>
  pair(home!.score, away!.score) +
  (home!.shootout === undefined ? '' : ` (${pair(home!.shootout, away!.shootout!)} in the shoot-out)`);

/** The scorer and the minute; the phase if nobody scored. */
function moment(s: Score, name: (actor: string) => string): string {
  const minute = minuteOf(s);
  if (!s.scorer) return [s.phase.replaceAll('-', ' '), minute].filter(Boolean).join(', ');
  const how = s.how === 'goal' ? undefined : s.how?.replaceAll('-', ' ');
  return name(s.scorer) + after(', ', how) + after(', ', minute);
}

/** The mark of a scorer. What is scored in a shoot-out is an act, not a goal: it decides the match and does not change the score. */
const scoredBy = ({ match, phase, minute, added, how }: Score, scorer: string): Mark =>
  phase === 'shoot-out'
    ? { actor: scorer, facet: 'act', value: { act: 'scored in the shoot-out' } }
    : { actor: scorer, facet: 'goal', value: { match, minute, added, how } };

/** Kinds about matches. */
export const matchKinds = [
  defineKind({
    kind: 'score',
    title: 'Score',
    icon: 'M3 5h18v13H3zm9 0v13M7.5 9v5m8-5h2v2.5h-2V14h2',
    schema: Score,
    headline: (s, name) => {
      const [home, away] = s.teams.map(({ team }) => name(team));
      return `${home} ${scored(s)} ${away} (${moment(s, name)})`;
    },
    lines: (s, name) => {
      const [home, away] = s.teams.map(({ team }) => name(team));
      return [`${home} ${scored(s)} ${away}`, moment(s, name)];
    },
    marks: s => {
      const { match, phase, minute, added, scorer } = s;
      const when = { match, minute, added };
      const side = (own: number, other: number): Mark => ({
        actor: s.teams[own]!.team,
        facet: 'score',
        key: match,
        value: {
          score: s.teams[own]!.score,
          against: s.teams[other]!.score,
          opponent: s.teams[other]!.team,
          shootout: s.teams[own]!.shootout,
          shootoutAgainst: s.teams[other]!.shootout,
          phase,
          ...when,
        },
      });
      return [side(0, 1), side(1, 0), ...(scorer ? [scoredBy(s, scorer)] : [])];
    },
  }),
];

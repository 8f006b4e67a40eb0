import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Text } from '../text.js';
import { cast, defineKind, onEach, others } from './kind.js';
import { capitalised } from '../bidi.js';
import { after, listed, quotedIn } from './wording.js';

/** An actor's reaction, as nouns, so that a headline reads well for one actor and for many. */
const stances = [
  'welcome',
  'support',
  'hope',
  'relief',
  'gratitude',
  'congratulations',
  'caution',
  'watchfulness',
  'reserve',
  'concern',
  'doubt',
  'grief',
  'warning',
  'criticism',
  'rejection',
  'condemnation',
] as const;

/** Kinds about what actors say. */
export const speechKinds = [
  defineKind({
    kind: 'statement',
    title: 'Statement',
    icon: 'M4 5h16v11h-8l-4.5 4v-4H4zm4 4h8m-8 3h5',
    quote: { words: 'quote', by: 'speaker' },
    schema: z
      .strictObject({
        speaker: ActorRef,
        quote: Text(5_000).optional().meta({ description: 'The speaker’s own words, without quotation marks.' }),
        paraphrase: Text(5_000).optional().meta({ description: 'A paraphrase, in the desk’s words.' }),
        about: ActorRefs.optional(),
        to: ActorRefs.optional(),
        occasion: Line(200).optional(),
      })
      .check(({ value, issues }) => {
        const bad = (field: 'quote' | 'paraphrase', message: string) =>
          issues.push({ code: 'custom', path: [field], message, input: value[field] });
        if (value.quote === undefined && value.paraphrase === undefined)
          bad('quote', 'must hold the speaker’s words, unless a paraphrase is given');
        if (value.quote !== undefined && value.paraphrase !== undefined)
          bad('paraphrase', 'must be left out when a quote is given');
      }),
    headline: (s, name, quoted = quotedIn(undefined)) => {
      const to = after(' to ', listed((s.to ?? []).map(name)));
      return `${name(s.speaker)}${to}: ${s.quote ? quoted(s.quote) : s.paraphrase}`;
    },
    marks: s => {
      const said = { quote: s.quote, paraphrase: s.paraphrase, occasion: s.occasion };
      return [
        { actor: s.speaker, facet: 'statement', value: { ...said, about: s.about, to: s.to } },
        ...onEach(others(cast(s.about, s.to), s.speaker), 'mention', () => ({ by: s.speaker, ...said })),
      ];
    },
  }),

  defineKind({
    kind: 'reaction',
    title: 'Reaction',
    icon: 'M3 4h12v7.5H8.5L5.5 14v-2.5H3zm15.5 5H21v7.5h-2.5V19l-3-2.5H10V14',
    schema: z.strictObject({
      actors: ActorRefs,
      stances: z
        .array(z.strictObject({ stance: z.enum(stances), text: Text(1_000) }))
        .min(1)
        .max(10),
      to: Line(200).optional().meta({ description: 'The subject of the reaction, such as "the talks".' }),
    }),
    headline: (r, name) => {
      const taken = listed(cast(r.stances.map(s => s.stance)));
      return `${capitalised(taken)} from ${listed(r.actors.map(name))}${after(' over ', r.to)}: ${r.stances[0]?.text}`;
    },
    marks: r => onEach(cast(r.actors), 'reaction', () => ({ to: r.to, stances: r.stances })),
  }),

  defineKind({
    kind: 'warning',
    title: 'Warning',
    icon: 'M12 4 2.5 20h19zm0 6v5m0 2.5v.5',
    schema: z.strictObject({
      actor: ActorRef,
      to: ActorRefs,
      threat: Text(1_000).meta({ description: 'The threat or danger.' }),
      level: Line(60).optional().meta({ description: 'The warning level, such as "red".' }),
    }),
    headline: (w, name) =>
      `${w.level ? `${capitalised(w.level)} warning` : 'Warning'} from ${name(w.actor)} to ${listed(w.to.map(name))}: ${w.threat}`,
    marks: w => [
      { actor: w.actor, facet: 'warning-given', value: { to: cast(w.to), threat: w.threat, level: w.level } },
      ...onEach(cast(w.to), 'warning-received', () => ({ from: w.actor, threat: w.threat, level: w.level })),
    ],
  }),

  defineKind({
    kind: 'proposal',
    title: 'Proposal',
    icon: 'M8.5 15a6 6 0 1 1 7 0v3h-7zM10 21h4',
    schema: z.strictObject({
      by: ActorRef,
      proposal: Text(1_000),
      parties: ActorRefs.optional().meta({ description: 'Actors whom it would include or bind.' }),
    }),
    headline: (p, name) => `Proposal by ${name(p.by)}: ${p.proposal}`,
    marks: p => {
      const parties = others(cast(p.parties), p.by);
      return [
        { actor: p.by, facet: 'proposal', value: { proposal: p.proposal, part: 'proposer', parties } },
        ...onEach(parties, 'proposal', () => ({ proposal: p.proposal, part: 'party', by: p.by })),
      ];
    },
  }),
];

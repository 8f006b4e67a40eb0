import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Text } from '../text.js';
import { cast, defineKind, type Mark, onEach, others } from './kind.js';
import { after, datelined, listed } from './wording.js';

const whereabouts = (actors: readonly string[], value: Mark['value']): Mark[] =>
  onEach(actors, 'presence', actor => ({ ...value, with: others(actors, actor) }), 'whereabouts');

/** Kinds about where actors are. */
export const presenceKinds = [
  defineKind({
    kind: 'arrival',
    title: 'Arrival',
    momentary: true,
    icon: 'M13 4h6v16h-6M3 12h10m-4-4 4 4-4 4',
    schema: z.strictObject({
      actors: ActorRefs,
      place: Line(200),
      means: Line(200).optional().meta({ description: 'Means of travel, such as "by train".' }),
      from: Line(200).optional(),
      with: ActorRefs.optional().meta({ description: 'Companions who arrived with them.' }),
      purpose: Text(500).optional(),
    }),
    headline: (a, name) =>
      datelined(a.place, `arrival of ${listed(a.actors.map(name))}`) +
      after(', with ', listed((a.with ?? []).map(name))) +
      after(', from ', a.from) +
      after(', ', a.means),
    marks: a =>
      whereabouts(cast(a.actors, a.with), { place: a.place, means: a.means, from: a.from, purpose: a.purpose }),
  }),

  defineKind({
    kind: 'departure',
    title: 'Departure',
    momentary: true,
    icon: 'M11 4H5v16h6m-1-8h11m-4-4 4 4-4 4',
    schema: z.strictObject({
      actors: ActorRefs,
      place: Line(200).meta({ description: 'The place they left.' }),
      to: Line(200).optional(),
      means: Line(200).optional(),
    }),
    headline: (d, name) =>
      datelined(d.place, `departure of ${listed(d.actors.map(name))}`) +
      after(', bound for ', d.to) +
      after(', ', d.means),
    marks: d => whereabouts(cast(d.actors), { left: d.place, to: d.to, means: d.means }),
  }),

  defineKind({
    kind: 'ceremony',
    title: 'Ceremony',
    momentary: true,
    icon: 'M6 21V4h11l-2.5 3.5L17 11H6',
    schema: z.strictObject({
      ceremony: Line(200).meta({ description: 'The ceremony, such as "wreath-laying".' }),
      host: ActorRef.optional(),
      guests: ActorRefs,
      place: Line(200).optional(),
    }),
    headline: (c, name) =>
      datelined(c.place, `${c.ceremony} with ${listed(c.guests.map(name))}`) +
      after(', hosted by ', c.host && name(c.host)),
    marks: c => {
      const present = cast(c.host, c.guests);
      const act = (actor: string) => ({
        act: c.ceremony,
        role: actor === c.host ? 'host' : 'guest',
        place: c.place,
        with: others(present, actor),
      });
      return [
        ...onEach(present, 'act', act),
        ...(c.place ? whereabouts(present, { place: c.place, occasion: c.ceremony }) : []),
      ];
    },
  }),
];

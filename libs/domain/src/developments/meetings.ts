import { z } from 'zod';
import { ActorRef, ActorRefs } from '../references.js';
import { Line, Slug, Text } from '../text.js';
import { cast, defineKind, onEach, others } from './kind.js';
import { after, datelined, listed } from './wording.js';

const Meeting = Slug.meta({ description: 'The meeting’s id, the same in every development about it.' });

/** Kinds about meetings. */
export const meetingKinds = [
  defineKind({
    kind: 'meeting-scheduled',
    title: 'Meeting scheduled',
    icon: 'M4 6h16v14H4zm0 4h16M8 3v4m8-4v4',
    schema: z.strictObject({
      meeting: Meeting,
      participants: ActorRefs,
      format: Line(100).meta({ description: 'Format of the meeting, such as "one-on-one" or "plenary session".' }),
      place: Line(200).optional(),
      purpose: Text(500).optional(),
    }),
    headline: (m, name) => datelined(m.place, `${m.format} of ${listed(m.participants.map(name))}`),
    marks: m => {
      const participants = cast(m.participants);
      const meeting = (actor: string) => ({
        format: m.format,
        place: m.place,
        purpose: m.purpose,
        with: others(participants, actor),
      });
      return onEach(participants, 'meeting', meeting, m.meeting);
    },
  }),

  defineKind({
    kind: 'meeting-format-changed',
    title: 'Format of a meeting changed',
    icon: 'M4 8h14m-3-3 3 3-3 3m5 5H6m3-3-3 3 3 3',
    schema: z.strictObject({
      meeting: Meeting,
      participants: ActorRefs,
      from: Line(100),
      to: Line(100),
      reason: Text(500).optional(),
    }),
    headline: (m, name) =>
      `Change of format: ${m.to} instead of ${m.from} for ${listed(m.participants.map(name))}${after(': ', m.reason)}`,
    marks: m => {
      const participants = cast(m.participants);
      const meeting = (actor: string) => ({
        format: m.to,
        before: m.from,
        reason: m.reason,
        with: others(participants, actor),
      });
      return onEach(participants, 'meeting', meeting, m.meeting);
    },
  }),

  defineKind({
    kind: 'delegation-named',
    title: 'Delegation named',
    icon: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6.5 9a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4m2 3.3a6.5 6.5 0 0 1 3.5 6',
    schema: z.strictObject({
      of: ActorRef,
      members: z
        .array(z.strictObject({ actor: ActorRef, role: Line(200), remit: Text(500).optional() }))
        .min(1)
        .max(50),
      meeting: Meeting.optional(),
    }),
    headline: (d, name) =>
      `${name(d.of)} delegation: ${listed(d.members.map(member => `${name(member.actor)} (${member.role})`))}`,
    marks: d =>
      d.members.flatMap(({ actor, role, remit }) => [
        { actor, facet: 'role', key: d.of, value: { role, remit, of: d.of, meeting: d.meeting } },
        { actor: d.of, facet: 'delegation', key: actor, value: { member: actor, role, remit, meeting: d.meeting } },
      ]),
  }),
];

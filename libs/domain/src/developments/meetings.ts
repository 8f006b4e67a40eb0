import { z } from 'zod';
import { ActorRefs } from '../references.js';
import { Line, Slug, Text } from '../text.js';
import { defineKind } from './kind.js';

export const meetingKinds = [
  defineKind({
    kind: 'meeting-scheduled',
    title: 'Meeting scheduled',
    schema: z.strictObject({
      meeting: Slug,
      participants: ActorRefs,
      format: Line(100),
      place: Line(200).optional(),
      purpose: Text(500).optional(),
    }),
    headline: (m, name) =>
      `${m.participants.map(name).join(', ')}: ${m.format} planned${m.place ? ` at ${m.place}` : ''}`,
    marks: m =>
      m.participants.map(actor => ({
        actor,
        facet: 'meeting',
        key: m.meeting,
        value: {
          format: m.format,
          place: m.place,
          purpose: m.purpose,
          with: m.participants.filter(other => other !== actor),
        },
      })),
  }),
];

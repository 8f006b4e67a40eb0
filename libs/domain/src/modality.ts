import { z } from 'zod';
import { Line, Slug } from './text.js';

/** The modes of a report. Stored names: they never change. */
export const modes = ['asserted', 'planned', 'conditional', 'denied'] as const;
export type Mode = (typeof modes)[number];
/** The outcomes of a condition. Stored names: they never change. */
export const fates = ['met', 'lapsed'] as const;
export type Fate = (typeof fates)[number];

/** A condition that developments of a story depend on. Within a story, the same id means the same condition. */
export const Condition = z
  .strictObject({
    id: Slug.meta({
      description: 'The log holds this id unencrypted, even during an embargo: choose an id that reveals nothing.',
    }),
    text: Line(300).meta({ description: 'The condition, worded to follow "if", such as "the talks fail".' }),
  })
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof Condition>;

/** The state of a condition before anyone settles it. */
export const unsettled = { fate: null, reason: null, development: null, position: null } as const;

/** Whether the report is asserted, planned, denied, or conditional on all of its conditions together. */
export const Modality = z
  .strictObject({ mode: z.enum(modes), conditions: z.array(Condition).min(1).max(10).optional() })
  .check(({ value, issues }) => {
    const bad = (message: string) =>
      issues.push({ code: 'custom', path: ['conditions'], message, input: value.conditions });
    if (value.mode === 'conditional' && !value.conditions) bad('must name the condition it depends on');
    if (value.mode !== 'conditional' && value.conditions) bad('must be left out unless the mode is conditional');
  })
  .meta({ id: 'Modality' });
export type Modality = z.infer<typeof Modality>;

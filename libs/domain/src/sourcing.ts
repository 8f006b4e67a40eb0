import { z } from 'zod';
import { ActorRef } from './references.js';
import { Line, Slug } from './text.js';

/** The kinds of source. Stored names: they never change. */
export const bases = ['on-record', 'official', 'media-report', 'anonymous', 'analyst', 'desk'] as const;
/** The degrees of certainty. Stored names: they never change. */
export const standings = ['confirmed', 'reported', 'hinted', 'disputed'] as const;

/** The source of a report, and how certain the desk is. The identity of an anonymous source never enters the system. */
export const Sourcing = z
  .strictObject({
    basis: z.enum(bases),
    standing: z.enum(standings),
    actor: ActorRef.optional(),
    group: Line(200).optional().meta({ description: 'The source described as a group, such as "two officials".' }),
  })
  .check(({ value, issues }) => {
    const bad = (field: 'actor' | 'group', message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value[field] });
    if (value.basis === 'anonymous' && value.actor)
      bad('actor', 'must be left out for an anonymous source: describe the group');
    else if (value.actor && value.group) bad('group', 'must be left out when an actor is given');
    if (value.basis === 'anonymous' && !value.group) bad('group', 'must describe the anonymous source');
    if (value.basis === 'on-record' && !value.actor) bad('actor', 'must name the person or actor on the record');
  })
  .meta({ id: 'Sourcing' });
export type Sourcing = z.infer<typeof Sourcing>;

/** A correction changes the certainty only if it gives a new one: otherwise a check made since is kept. */
export const standingAfter = (
  before: { readonly sourced: string; readonly standing: string },
  corrected: string,
): string => (corrected === before.sourced ? before.standing : corrected);

/** The modes of a report. Stored names: they never change. */
export const modes = ['asserted', 'planned', 'conditional', 'denied'] as const;
/** Whether something is said to be so, planned, denied, or conditional. */
export type Mode = (typeof modes)[number];
/** The outcomes of a condition. Stored names: they never change. */
export const fates = ['met', 'lapsed'] as const;
/** The outcome of a condition: met or lapsed. */
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

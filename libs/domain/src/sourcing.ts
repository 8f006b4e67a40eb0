import { z } from 'zod';
import { ActorRef } from './references.js';
import { Line } from './text.js';

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

/** A correction changes the certainty only where it gives a new one: otherwise a check made since is kept. */
export const standingAfter = (
  before: { readonly sourced: string; readonly standing: string },
  corrected: string,
): string => (corrected === before.sourced ? before.standing : corrected);

import { z } from 'zod';
import { DevelopmentId } from '../text.js';
import { event, of } from './event.js';

export const relations = ['related', 'follows', 'answers', 'contradicts'] as const;

/** What a development has to do with an earlier or later one of its story. */
export const Link = z
  .strictObject({ to: DevelopmentId, as: z.enum(relations) })
  .meta({ id: 'Link', description: 'To another development of the story, and what it is to that one.' });
export type Link = z.infer<typeof Link>;

// Stored names: for ever. A breaking change is a new event beside the old one.
export const linkEvents = [
  event('DevelopmentLinked', { ...of, ...Link.shape }),
  event('DevelopmentUnlinked', { ...of, ...Link.shape }),
] as const;

export const isSame = (one: Link) => (other: Link) => one.to === other.to && one.as === other.as;
export const without = (links: readonly Link[], gone: Link): Link[] => links.filter(link => !isSame(gone)(link));

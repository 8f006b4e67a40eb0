import { z } from 'zod';
import { refuse } from '../../errors.js';
import { DevelopmentId } from '../../text.js';
import { defineAct, defineEvent, of } from '../define.js';
import { acting, changed, isOver, type StoryDecision, type StoryState } from '../state.js';

/** The relations between developments. Stored names: they never change. */
export const relations = ['related', 'follows', 'answers', 'contradicts'] as const;

/** A relation to another development of the same story. */
export const Link = z
  .strictObject({ to: DevelopmentId, as: z.enum(relations) })
  .meta({ id: 'Link', description: 'A link to another development of the story, and the relation to it.' });
export type Link = z.infer<typeof Link>;
type LinkOf = Link & { readonly development: string };

const isSame = (one: Link) => (other: Link) => one.to === other.to && one.as === other.as;
/** The links without this one. */
export const withoutLink = (links: readonly Link[], gone: Link): Link[] => links.filter(link => !isSame(gone)(link));
const linksOf = ({ developments }: StoryState, id: string) => developments.get(id)?.links ?? [];

/** The development got a link to another one. */
export const developmentLinked = defineEvent({
  type: 'DevelopmentLinked',
  fields: { ...of, ...Link.shape },
  readers: 'shown',
  evolve: (state, { development, ...link }) =>
    changed(state, development, { links: [...linksOf(state, development), link] }),
  reconstruct: data => link.decide(data),
  fills: {
    bound: 'linksOfDevelopment',
    full: 'The development has the maximum number of links',
    instead: 'Remove one first.',
    count: (state, { development }) => linksOf(state, development).length,
  },
});

/** The development lost a link. */
export const developmentUnlinked = defineEvent({
  type: 'DevelopmentUnlinked',
  fields: { ...of, ...Link.shape },
  readers: 'shown',
  evolve: (state, { development, ...link }) =>
    changed(state, development, { links: withoutLink(linksOf(state, development), link) }),
  reconstruct: data => unlink.decide(data),
});

/** Adds a link. */
export const link = defineAct({
  does: 'link-development',
  on: 'development',
  route: 'link',
  summary: 'Link a development to another one of the story',
  label: 'Link',
  body: Link,
  command: ({ target: { development }, body }) => ({ development, ...body }),
  decide:
    (command: LinkOf): StoryDecision =>
    state =>
      acting(state, command.development, held => {
        const path = ['to'];
        const target = state.developments.get(command.to);
        if (!target) return refuse('unknown-development', { path });
        if (command.to === command.development) return refuse('linked-to-itself', { path });
        if (held.links.some(isSame(command))) return [];
        const over = isOver(target, { path });
        if (over) return over;
        if (state.embargoes.has(command.to)) return refuse('development-embargoed', { path });
        return [{ type: 'DevelopmentLinked', data: command }];
      }),
});

/** Removes a link. */
export const unlink = defineAct({
  does: 'unlink-development',
  on: 'development',
  route: 'unlink',
  summary: 'Remove link',
  label: 'Remove link',
  body: Link,
  command: ({ target: { development }, body }) => ({ development, ...body }),
  decide:
    (command: LinkOf): StoryDecision =>
    state =>
      acting(state, command.development, held =>
        held.links.some(isSame(command)) ? [{ type: 'DevelopmentUnlinked', data: command }] : [],
      ),
});

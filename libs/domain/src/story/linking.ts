import { refuse } from '../errors.js';
import { acting, type StoryDecision } from './acting.js';
import { isSame, type Link } from './links.js';
import { isOver } from './succession.js';

type OnDevelopment = Link & { readonly development: string };

export const link =
  (command: OnDevelopment): StoryDecision =>
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
    });

/** A link that is not there is already gone. */
export const unlink =
  (command: OnDevelopment): StoryDecision =>
  state =>
    acting(state, command.development, held =>
      held.links.some(isSame(command)) ? [{ type: 'DevelopmentUnlinked', data: command }] : [],
    );

import { refuse, type Refusal } from '../errors.js';
import type { DevelopmentState, StoryEvent, StoryState } from './story.js';
import { isOver } from './succession.js';

/** `[]` means that it is already so. What is told stays as it is given, whatever its form; actor references in it are ids by now. */
export type StoryDecision = (state: StoryState) => StoryEvent[] | Refusal;

/** Decides about a development of the story that can still be acted on. */
export function acting(
  state: StoryState,
  id: string,
  decide: (held: DevelopmentState) => StoryEvent[] | Refusal,
): StoryEvent[] | Refusal {
  const held = state.developments.get(id);
  if (!held) return refuse('unknown-development');
  return isOver(held) ?? decide(held);
}

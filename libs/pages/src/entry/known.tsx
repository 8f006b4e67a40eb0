import type { Sourcing } from '#domain';
import { useAround } from '../around.js';
import { links } from '../links.js';
import type { Named } from '../view.js';
import { capitalised } from '../wording.js';
import { knownText } from './known-text.js';

interface Props {
  readonly sourcing: Sourcing;
  readonly standing: Sourcing['standing'];
  readonly actors: readonly Named[];
}

/** The source of a report, and how certain it is. */
export function Known({ sourcing, standing, actors }: Props) {
  const { words, told } = useAround();
  return (
    <span class={`known is-${standing}`} {...told}>
      {knownText(sourcing, standing, actors, words)}
    </span>
  );
}

/** A link to an actor's page. */
export function ActorLink({ id, name }: Named) {
  const { story, told } = useAround();
  return (
    <a href={links.actor(story, id)} {...told}>
      {capitalised(name)}
    </a>
  );
}

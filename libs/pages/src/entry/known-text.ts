import type { Sourcing } from '#domain';
import { isolated } from '#domain/bidi';
import type { Named } from '../view.js';
import { capitalised } from '../wording.js';
import type { Words } from '../words/index.js';

/** The sourcing in plain words: "Kremlin insiders, unconfirmed". */
export function knownText(
  { basis, actor, group }: Sourcing,
  standing: Sourcing['standing'],
  actors: readonly Named[],
  words: Words,
): string {
  const name = actor === undefined ? group : (actors.find(({ id }) => id === actor)?.name ?? actor);
  const source = capitalised(words.sources[basis](name === undefined ? undefined : isolated(name)));
  // A named source has certainly said it, and the desk's own reports need no one else to confirm them.
  const plain = (basis === 'on-record' && standing === 'confirmed') || (basis === 'desk' && standing === 'reported');
  return plain ? source : `${source}, ${words.standings[standing]}`;
}

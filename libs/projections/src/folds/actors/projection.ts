import { actorOf, type ActorProfile } from '#domain';
import type { Projection } from '../fold.js';

/** An actor's entry in the registry. */
export type ActorRow = {
  readonly actor: string;
  readonly name: string;
  readonly kind: ActorProfile['kind'];
  readonly aliases: readonly string[];
  readonly affiliations: readonly string[];
  readonly description: string | null;
  readonly wikidata: string | null;
  readonly iso3166: string | null;
  /** The position of the entry's last commit. */
  readonly position: number;
};

/** The registry of actors: names, and the other facts that hold in every story. */
export const actors: Projection = {
  name: 'actors',
  version: 1,
  tables: { actor: { key: ['actor'], by: ['actor'], past: 'versions' } },
  readers: ['actor'],
  touches: () => [],
  fold(_held, commit) {
    const actor = actorOf(commit);
    if (!actor) return [];
    return commit.events.flatMap(({ type, data }) => {
      if (type !== 'ActorRegistered' && type !== 'ActorAmended') return [];
      const { name, kind, aliases, affiliations, description = null, wikidata = null, iso3166 = null } = data;
      const described = { description, wikidata, iso3166, position: commit.position };
      const put: ActorRow = { actor, name, kind, aliases, affiliations, ...described };
      return [{ table: 'actor', put }];
    });
  },
};

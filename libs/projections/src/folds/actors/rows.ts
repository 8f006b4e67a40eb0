import type { ActorProfile } from '#domain';

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

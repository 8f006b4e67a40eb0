import type { Named } from '../../view.js';
import { ActorLink } from '../facts.js';

/** A kind's data, and the actors whom the entry names. */
export interface DrawingProps<Data> {
  readonly data: Data;
  readonly actors: readonly Named[];
}

/** A link to an actor whom the data name by id. */
export const Actor = ({ id, actors }: { id: string; actors: readonly Named[] }) => (
  <ActorLink id={id} name={actors.find(actor => actor.id === id)?.name ?? id} />
);

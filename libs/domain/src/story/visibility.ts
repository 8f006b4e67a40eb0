import { internalActorEvents } from '../actor/actor.js';
import { storyEvents } from './acts/index.js';
import type { StoryState } from './state.js';

// The one rule for which events of a commit readers see. Projections apply it to their rows, the desk to the story's state.

const internal: ReadonlySet<string> = new Set<string>([
  ...storyEvents.flatMap(({ type, readers }) => (readers === 'internal' ? [type] : [])),
  ...internalActorEvents,
]);
/** Whether events of this type are never shown to readers. */
export const isInternal = ({ type }: { readonly type: string }): boolean => internal.has(type);

interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

/** The ids of the developments that the events name; each id once. */
export function developmentsIn(events: readonly AnyEvent[]): string[] {
  const named = events.flatMap(({ data }) => {
    const { development, by, retracted, to } = data as Readonly<Record<string, string | undefined>>;
    return [development, by, retracted, to];
  });
  return [...new Set(named.filter(id => id !== undefined))];
}

/** A development's embargo before a commit. `over`: it was retracted or taken down while under embargo. */
export type EmbargoStatus = 'none' | 'embargoed' | 'over';

/** How an event affects readers. `ineffective`: it lifts an embargo, but readers gain nothing from it. */
export type Visibility = 'shown' | 'withheld' | 'ineffective';

/** The visibility of each event of a commit, in order. `status` returns each development's embargo before the commit. */
export function readerVisibility(
  events: readonly AnyEvent[],
  status: (development: string) => EmbargoStatus,
): Visibility[] {
  const begun = new Set(developmentsIn(events.filter(({ type }) => type === 'DevelopmentEmbargoed')));
  const lifted = new Set<string>();
  const isEmbargoed = (id: string) => !lifted.has(id) && (begun.has(id) || status(id) !== 'none');
  return events.map(event => {
    if (event.type !== 'EmbargoLifted')
      return isInternal(event) || developmentsIn([event]).some(isEmbargoed) ? 'withheld' : 'shown';
    const { development } = event.data as { development: string };
    if (status(development) !== 'embargoed' || lifted.has(development)) return 'ineffective';
    lifted.add(development);
    return 'shown';
  });
}

/** Reads the status of a development's embargo from the state of its story. */
export const embargoStatusIn =
  ({ embargoes, developments }: StoryState) =>
  (development: string): EmbargoStatus => {
    if (!embargoes.has(development)) return 'none';
    const status = developments.get(development)?.status;
    return status === 'retracted' || status === 'taken-down' ? 'over' : 'embargoed';
  };

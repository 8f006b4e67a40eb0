import { storyEvents } from './acts/index.js';
import type { StoryState } from './state.js';

// The one rule for what readers may see of a commit. Projections ask it on their rows, the desk on the story's state.

const internal: ReadonlySet<string> = new Set(
  storyEvents.flatMap(({ type, readers }) => (readers === 'internal' ? [type] : [])),
);
/** Whether readers never get an event of this type, whatever it names. */
export const isInternal = ({ type }: { readonly type: string }): boolean => internal.has(type);

interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

/** The ids of the developments that events name, each once. */
export function developmentsIn(events: readonly AnyEvent[]): string[] {
  const named = events.flatMap(({ data }) => {
    const { development, by, retracted, to } = data as Readonly<Record<string, string | undefined>>;
    return [development, by, retracted, to];
  });
  return [...new Set(named.filter(id => id !== undefined))];
}

/** What is known of a development's embargo before a commit. `over`: it was retracted or taken down under embargo. */
export type EmbargoStatus = 'none' | 'embargoed' | 'over';

/** What becomes of an event for readers. `ineffective`: it lifts an embargo, and readers get nothing by it. */
export type Visibility = 'shown' | 'withheld' | 'ineffective';

/** What becomes of each event of a commit, in their order, where `status` tells of each development's embargo before it. */
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

/** The status of a development's embargo in the state of its story. */
export const embargoStatusIn =
  ({ embargoes, developments }: StoryState) =>
  (development: string): EmbargoStatus => {
    if (!embargoes.has(development)) return 'none';
    const status = developments.get(development)?.status;
    return status === 'retracted' || status === 'taken-down' ? 'over' : 'embargoed';
  };

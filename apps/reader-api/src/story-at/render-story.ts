import type { HeaderVersion, KeyPoint, Story } from '#contract';
import { wordsFor } from '#pages';
import { shownCondition, type HeaderRow, type StoryRow, type TimelineChangeRow } from '#projections';

/** The name that readers see of an author; null if there is none. */
export const signed = ({ name }: TimelineChangeRow['by']): string | null => name ?? null;

/** The fates of the conditions that `shown` selects, by condition id. */
export const presentConditions = (
  conditions: StoryRow['conditions'],
  shown: (id: string) => boolean = () => true,
): Story['conditions'] =>
  Object.fromEntries(
    Object.entries(conditions)
      .filter(([id]) => shown(id))
      .map(([id, condition]) => [id, shownCondition(condition)]),
  );

/** A story, as the API shows it. */
export function presentStory({ story, conditions, ...row }: StoryRow): Story {
  return {
    id: story,
    title: row.title ?? wordsFor(row.language).noHeadline,
    summary: row.summary,
    zone: row.zone,
    language: row.language,
    starts: row.starts,
    ends: row.ends,
    status: row.status,
    opened: row.opened,
    closed: row.closed,
    ended: row.ended,
    continues: row.continues,
    developments: row.developments,
    position: row.position,
    recorded: row.recorded,
    pinned: row.pinned,
    conditions: presentConditions(conditions),
  };
}

/** A version of a story's header, as the API shows it. */
export const presentHeader = ({ story: _, by, ...row }: HeaderRow): HeaderVersion => ({ ...row, by: signed(by) });

/** The events after which open pages need the header again. */
const headed: readonly string[] = ['StoryAmended', 'TextShredded'];
/** Whether a change of this story changes its header. */
export const changesHeader = ({ acts }: Pick<TimelineChangeRow, 'acts'>): boolean =>
  acts.some(({ act }) => headed.includes(act));

const setting: readonly string[] = ['KeyPointsSet', 'TextShredded'];

/** Whether a change of this story changes its key points, or what is shown of the developments that they cite. */
export const changesKeyPoints = ({ acts }: Pick<TimelineChangeRow, 'acts'>, points: readonly KeyPoint[]): boolean =>
  acts.some(
    ({ act, development }) =>
      setting.includes(act) || points.some(({ cites }) => cites.some(cite => cite.development === development)),
  );

import { standingAfter, storyOf, withoutLink, type OpenEvent } from '#domain';
import {
  developmentsOf,
  untouched,
  type Change,
  type OtherType,
  type WholeStoryType,
  type Projection,
} from '../fold.js';
import { contentIn } from '../forgotten.js';
import type { WithheldRow } from './rows.js';

type At = Pick<WithheldRow, 'story' | 'position' | 'recorded' | 'by'>;

/** The events that do not affect this table. */
type IgnoredType =
  | OtherType
  | WholeStoryType
  | 'DevelopmentSuperseded'
  | 'DevelopmentReinstated'
  | 'DevelopmentPinned'
  | 'DevelopmentUnpinned'
  | 'ConditionSettled'
  | 'ConditionSettledSealed'
  | 'EmbargoLifted';

function evolve(row: WithheldRow | undefined, event: OpenEvent, at: At): WithheldRow | undefined {
  const { type, data } = event;
  if (type === 'DevelopmentRecorded') {
    const { development, outline } = data;
    const nothing = { until: null, key: false, links: [], retracted: false, takedown: null };
    return { ...at, ...nothing, development, content: contentIn(event), outline, standing: outline.standing };
  }
  if (!row) return undefined;
  switch (type) {
    case 'DevelopmentEmbargoed':
    case 'EmbargoChanged':
      return { ...row, until: data.until ?? null };
    case 'DevelopmentCorrected': {
      const { outline } = data;
      const before = { sourced: row.outline.standing, standing: row.standing };
      const standing = standingAfter(before, outline.standing);
      return { ...row, content: contentIn(event), outline, standing };
    }
    case 'DevelopmentClassified':
    case 'DevelopmentCopyEdited':
    case 'DevelopmentRecaptured':
      return { ...row, content: contentIn(event, row.content), outline: data.outline };
    case 'DevelopmentVerified':
      return { ...row, standing: 'confirmed' };
    case 'DevelopmentDisputed':
      return { ...row, standing: 'disputed' };
    case 'DevelopmentMarkedKey':
      return { ...row, key: true };
    case 'DevelopmentUnmarkedKey':
      return { ...row, key: false };
    case 'DevelopmentLinked':
      return { ...row, links: [...row.links, { to: data.to, as: data.as }] };
    case 'DevelopmentUnlinked':
      return { ...row, links: withoutLink(row.links, data) };
    case 'DevelopmentRetracted':
      return { ...row, retracted: true };
    case 'ContentShredded':
      return { ...row, takedown: { ground: data.ground, position: at.position, recorded: at.recorded } };
    default:
      return untouched(type satisfies IgnoredType, row);
  }
}

/** The developments that are hidden from readers: for the desk, for auditors, and for their lift. */
export const withheld: Projection = {
  name: 'withheld',
  version: 3,
  tables: {
    withheld: { key: ['story', 'development'], by: ['story', 'development'], story: 'story', past: 'versions' },
  },
  touches(commit) {
    const story = storyOf(commit);
    return story ? developmentsOf(commit).map(id => ({ table: 'withheld', values: [story, id] })) : [];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const { position, recorded, by } = commit;
    const lifted = commit.events.flatMap(({ type, data }): Change[] =>
      type === 'EmbargoLifted' ? [{ table: 'withheld', drop: [story, data.development] }] : [],
    );
    const put = developmentsOf({ events: commit.withheld }).flatMap((id): Change[] => {
      const before = held.get<WithheldRow>('withheld', [story, id]);
      const about = commit.withheld.filter(({ data }) => 'development' in data && data.development === id);
      const row = about.reduce((now, event) => evolve(now, event, { story, position, recorded, by }), before);
      return row && row !== before ? [{ table: 'withheld', put: row }] : [];
    });
    return [...put, ...lifted];
  },
};

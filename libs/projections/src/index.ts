// Folds, pure: from commits to rows. Each projection has its table and its queries beside it.
export {
  byCell,
  byPlace,
  type CellAt,
  type ActorCell,
  type CellId,
  type Citation,
  cite,
  currentOf,
  currentOfNewest,
  type MarkPlace,
  type Weighed,
} from './folds/actor-state/cells.js';
export {
  actorsOfStory,
  type ActorSummary,
  type CellsFound,
  type CellsOf,
  cellsOfActors,
  type CellSum,
  cellSums,
  marksById,
  newestMarks,
  oneCell,
  type SummariesAsked,
} from './folds/actor-state/queries.js';
export type { CitedMark } from './folds/actor-state/rows.js';
export {
  actorsAfter,
  actorsById,
  actorsCalled,
  actorsLike,
  oneActor,
  registryPosition,
  registryState,
} from './folds/actors/queries.js';
export type { ActorRow } from './folds/actors/projection.js';
export { asOf } from './folds/as-of.js';
export { commitsOfRegistry, commitsOfStory, knownAt } from './folds/commits/queries.js';
export { readable } from './folds/fold-all.js';
export { type Projection, type ReadableCommit, type Row, type Table, tablesOf } from './folds/fold.js';
export { contentIn, isForgotten, isTakenDown, takedownOf } from './folds/forgotten.js';
export { keyPointsOf, keyPointsWrittenBy } from './folds/key-points/queries.js';
export type { KeyPointRow } from './folds/key-points/rows.js';
export { alwaysFolded, projections } from './folds/list.js';
export { namesShown, picturesAfter, picturesOf } from './folds/pictures/queries.js';
export type { PictureRow } from './folds/pictures/projection.js';
export { countWords, foundWords, type FoundWords, markers, type Searched } from './folds/search/queries.js';
export { lastRecorded, openingOf, readableAt, readablePosition, recordedAt } from './folds/shown-commits/queries.js';
export {
  firstOfPages,
  headersOf,
  oneStory,
  storiesBefore,
  storiesFrom,
  storiesOpenedSince,
  storiesPosition,
} from './folds/stories/queries.js';
export { shownCondition, type ConditionState, type HeaderRow, type StoryRow } from './folds/stories/rows.js';
export {
  type After,
  changesAfter,
  beginningsOf,
  changesOf,
  actorsNamedIn,
  entriesById,
  latestOf,
  everyEntry,
  lastChanged,
  leadPicturesOf,
  type LeadRow,
  leadSearched,
  missedMore,
  newestFirst,
  nextChanges,
  type Occurrence,
  oneEntry,
  perhapsLate,
  retractedAmong,
  storyOrder,
  type TimelineFilter,
} from './folds/timeline/queries.js';
export { allTakenDown, type Takedowns, takedownsOf } from './queries/takedowns.js';
export type {
  TakenDownRow,
  TimelineChangeRow,
  TimelineRow,
  ReadableRow,
  ShownCapture,
  ShownMedium,
  ShownRecording,
  ShownText,
} from './folds/timeline/rows.js';

// The visibility log: when readers could see each position.
export { onlyBeyond, onlyWithin, VisibilityEntry, encodeVisibility } from './visibility-log/entry.js';
export {
  VisibilityOutbox,
  readBackVisibility,
  readVisibility,
  closeVisibilityLog,
  ensureVisibilityLog,
  openVisibilityLog,
  type VisibilityTopic,
} from './visibility-log/topic.js';
export { lastVisibility, momentsSeen, visibilityOf, visibleAt } from './visibility-log/table.js';

// Builds: schemas that hold the rows of one version, from making one to dropping it.
export {
  buildName,
  buildToFold,
  dropBuild,
  dropUnlessLive,
  ensureBuild,
  NoPastRows,
  useBuild,
} from './builds/build.js';
export {
  allBuilds,
  buildsMade,
  buildsNamed,
  type Checkpoint,
  checkpointOf,
  holdCheckpoint,
  keepBuild,
  liveBuild,
  markLeft,
  noteFolded,
  unfinishedBuilds,
} from './builds/checkpoints.js';
export {
  type Builds,
  type DifferingRow,
  differingRows,
  firstCommitAfter,
  lastCommitAbout,
  liveCommitAt,
  placeAt,
} from './builds/compare.js';
export { dropOutdated, lockOfBuild, rebuildLock } from './builds/drop-outdated.js';
export { type BuildHash, hashBuild, hashTables, type TableHashes } from './builds/hash.js';
export { endless, type Stored, storedIn } from './builds/past.js';
export { auditorsBuild, endOldTransactions, prepareDatabase } from './builds/rights.js';
export { rewritesOf, type Rewritten } from './builds/rewritten.js';
export { scrub } from './builds/scrub.js';
export {
  copyRows,
  dropLeft,
  isFolded,
  longestHold,
  mostBehind,
  projectorLock,
  promote,
  swap,
  type SwapOptions,
  SwapRefused,
} from './builds/swap.js';

// The engine: from records of the log to rows, a batch in one transaction.
export { applyBatch, BuildReplaced, buildTables, type Stores } from './engine/apply.js';
export { fetchFrom } from './engine/fetch.js';
export { LogReplaced } from './engine/guards.js';
export { loadProgress, releaseQuarantined, takenDownUnfolded } from './engine/progress.js';
export { arbitrateAll, type Arbitrated, type Progress } from './engine/settle.js';
export { type Shred, shredsOf } from './engine/shred.js';

// Queries over several tables, in one snapshot of the live build.
export { actsCounted, actsOn, type Between, differingEntries, differingPlaces } from './queries/differing.js';
export {
  type Memento,
  mementoAt,
  mementosAfter,
  mementosAtOnce,
  type MementosOf,
  mementoSeenAt,
  type Neighbours,
} from './queries/mementos.js';
export {
  changedSincePosition,
  countEntries,
  entriesBeyond,
  entriesDependingOn,
  placeOfNewest,
  relatedBegun,
} from './queries/between.js';
export { mostShaping, storyBegunBy, TooManyShaping } from './queries/happened.js';
export { NoLiveBuild, reading, type Reading } from './queries/reading.js';
export { changedSince, presentState, type Changed, type PresentState } from './queries/present.js';

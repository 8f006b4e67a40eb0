export * from './actor/actor.js';
export { actorActs, sealedProfile, type ActorAct } from './actor/acts.js';
export * from './actor/directory.js';
export * from './actor/reconstruct.js';
export * from './actor/takedown.js';
export { actorTakedownActs, type ActorTakedownAct, type TakedownRequest } from './actor/takedown-acts.js';
export * from './author.js';
export * from './bidi.js';
export * from './byline.js';
export * from './commands-behind.js';
export * from './content.js';
export * from './developments/index.js';
export * from './developments/kind.js';
export { words } from './developments/wording.js';
export * from './digest.js';
export * from './errors.js';
export * from './capture.js';
export * from './events.js';
export * from './instant.js';
export * from './language.js';
export * from './sourcing.js';
export * from './blob-name.js';
export * from './media.js';
export * from './tickets.js';
export * from './recordings.js';
export * from './new-text.js';
export * from './occurred.js';
export * from './references.js';
export * from './resolve.js';
export { acts } from './story/acts/index.js';
export { Embargo } from './story/acts/embargo.js';
export { Link, relations, withoutLink } from './story/acts/links.js';
export { newDevelopmentId, recorders, type Recorder } from './story/acts/record.js';
export { reviews } from './story/acts/submissions.js';
export { beyondBounds, bounds } from './story/bounds.js';
export * from './story/header.js';
export * from './story/key-points.js';
export * from './story/rights.js';
export * from './story/team.js';
export * from './story/then.js';
export type { Act, Known, Request, Sealing, Targets } from './story/define.js';
export * from './story/payload.js';
export * from './story/proposals.js';
export {
  isSubmitted,
  noStory,
  StoryProfile,
  type Developments,
  type DevelopmentState,
  type StoryDecision,
  type StoryState,
  type Submission,
} from './story/state.js';
export * from './story/story.js';
export * from './story/visibility.js';
export * from './streams.js';
export * from './text.js';

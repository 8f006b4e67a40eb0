import { actorOf, storyStream } from '#domain';
import { logStream } from '#event-log';

/**
 * A story's bundle has the story's stream, the log's first commit and the whole registry of actors, because the names of its
 * actors are sealed.
 */
export const inStory = (story: string) => (stream: string) =>
  stream === storyStream(story) || stream === logStream || actorOf({ stream }) !== undefined;

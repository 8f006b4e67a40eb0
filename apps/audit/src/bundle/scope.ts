import { actorOf, storyStream } from '#domain';
import { logStream } from '#event-log';

/** A story's bundle has its stream, the log's first commit, and the registry of actors, all of it, as who is named is sealed. */
export const inStory = (story: string) => (stream: string) =>
  stream === storyStream(story) || stream === logStream || actorOf({ stream }) !== undefined;

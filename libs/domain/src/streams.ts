/** The stream of a story's commits in the log. */
export const storyStream = (story: string) => `story:${story}`;

/** The stream of an actor's commits in the log. */
export const actorStream = (actor: string) => `actor:${actor}`;

interface Streamed {
  readonly stream: string;
}
const idIn = (stream: string, prefix: string) => (stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined);

/** The story's id; undefined if the stream belongs to no story. */
export const storyOf = ({ stream }: Streamed): string | undefined => idIn(stream, storyStream(''));

/** The actor's id; undefined if the stream belongs to no actor. */
export const actorOf = ({ stream }: Streamed): string | undefined => idIn(stream, actorStream(''));

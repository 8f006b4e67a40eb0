import { actorOf, storyOf, type Commit } from '#domain';
import type { Projection } from '../fold.js';

/** A winning commit, as in the log. */
export type CommitRow = Pick<Commit, keyof Commit> & {
  /** The kind of the development in its first event; null if that event has none. */
  readonly kind: string | null;
};

/** Every commit that could be read, sealed as in the log, to fold a story again from and for auditors. Readers get `shown_commit`. */
export const commits: Projection = {
  name: 'commits',
  version: 2,
  tables: { commit: { key: ['position'], by: ['position'] } },
  touches: () => [],
  fold(_held, commit) {
    const { stream, sealed, events: _shown, withheld: _withheld, ...at } = commit;
    // A commit of any other stream belongs to no story and no actor, and the stream's name may have any length and characters.
    if (stream !== 'log' && !storyOf(commit) && !actorOf(commit)) return [];
    const data = sealed[0]?.data;
    const kind = data && 'outline' in data ? data.outline.kind : null;
    // Writers of the log choose the characters, and Postgres cannot store NUL in text.
    const command = commit.command.replaceAll('\0', '\uFFFD');
    const put: CommitRow = { ...at, stream, events: sealed, command, kind };
    return [{ table: 'commit', put }];
  },
};

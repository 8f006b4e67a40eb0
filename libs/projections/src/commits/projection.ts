import { actorOf, storyOf, type Projection } from '../fold.js';
import type { CommitRow } from './rows.js';

/** Every commit that could be read, for reads of the past and for auditors. */
export const commits: Projection = {
  name: 'commits',
  version: 1,
  tables: { commit: { key: ['position'], by: ['position'] } },
  touches: () => [],
  fold(_held, commit) {
    const { stream, logged: events, withheld: _withheld, ...at } = commit;
    // Nobody's ids are in any other stream, whose name may be of any length and characters.
    if (stream !== 'log' && !storyOf(commit) && !actorOf(commit)) return [];
    const data = events[0]?.data;
    const kind = data && 'content' in data ? data.content.kind : null;
    // Whoever writes to the log chooses its characters, of which a text here cannot hold this one.
    const command = commit.command.replaceAll('\0', '\uFFFD');
    const put: CommitRow = { ...at, stream, events, command, kind };
    return [{ table: 'commit', put }];
  },
};

import type { Rewritten } from '#projections';
import * as frames from './frames.js';

/** A change of one story, serialised once for all its followers. */
export interface Sent {
  readonly position: number;
  /** When the commit was recorded: ISO 8601. */
  readonly recorded: string;
  readonly frame: Buffer;
}

/** A client's progress: every change of its story up to `at` has been sent to it. */
export interface Stand {
  /** Undefined for a client that starts with the next change. */
  readonly at: number | undefined;
  /** False until its first turn. Only then can it ask for a position that does not exist yet. */
  readonly joined: boolean;
  /** Whether `at` comes from an event that it received, and not from a timeline that it loaded. */
  readonly resumes: boolean;
  /** The `rewrites` of the timeline that it loaded; undefined if it did not say. */
  readonly rewrites: number | undefined;
  /** How often rows of the story had been rewritten by its last turn. */
  readonly refolds: number;
}

/** A story in one snapshot of the build: its position, and the latest changes, in order. */
export interface Snapshot {
  readonly position: number;
  /** The last position up to it that showed readers something, see `readablePosition`. */
  readonly readable: number;
  /** False if the previous turn read another log. */
  readonly sameLog: boolean;
  /** The changes after the client's `at`, in order; if there are `more`, the first of them. */
  readonly changes: readonly Sent[];
  readonly more: boolean;
  /** Whether the client missed more changes than are sent again. */
  readonly tooMany: boolean;
  /** The rewrites of the story so far. */
  readonly rewritten: Rewritten;
}

/**
 * Brings a client up to a snapshot. New and old clients take the same step: each gets the snapshot's changes after its `at`,
 * and `at` moves past them. So no change is lost and none is sent twice.
 */
export function deliver(stand: Stand, snapshot: Snapshot): [Buffer[], Stand] {
  const { position, readable, sameLog, changes, more, tooMany, rewritten } = snapshot;
  const { rewrites, times } = rewritten;
  const next = { at: position, joined: true, resumes: true, rewrites, refolds: times };
  const resync = (reason: frames.ResyncReason) => frames.resync(readable, rewrites, reason);
  if (stand.at === undefined) return [[frames.hello(readable, rewrites)], next];
  const after = stand.at;
  if (stand.joined && !sameLog) return [[resync('another-log')], next];
  if (changedBehind(stand, after, rewritten)) return [[resync('folded-anew')], next];
  // A client has no position beyond the last readable one. Whether the log has reached one, it does not learn: that may be an embargo.
  if (!stand.joined && after > readable) return [[resync('not-reached')], next];
  // A build that has just become live may be some commits behind: a client that follows waits until it has caught up.
  if (after > position) return [[], stand];
  if (tooMany) return [[resync('too-far-behind')], next];
  const missed = changes.filter(change => change.position > after);
  const at = more ? (missed.at(-1)?.position ?? after) : position;
  return [missed.map(change => change.frame), { ...next, at }];
}

/**
 * Whether rows changed at positions that the client has passed. A following client learns of each rewrite. A joining client
 * gives the number of rewrites that it loaded, or only its position. If a timeline may have had that position since the
 * rewrite, we assume that the client loaded it since: otherwise it would load the same again endlessly. One that resumes is
 * asked at most once for each connection: it has the position of an event, which is not that of what it loads. It need not load if that event
 * is the takedown that rewrote the rows.
 */
function changedBehind({ joined, resumes, rewrites, refolds }: Stand, after: number, rewritten: Rewritten): boolean {
  const { times, position, loaded, swapped } = rewritten;
  if (joined) return refolds !== times;
  // Events after the last rewrite were sent only after the client was asked to load the timeline again.
  if (times > 0 && resumes && after > position) return false;
  if (rewrites !== undefined) return rewrites !== rewritten.rewrites;
  if (times === 0 || after > position) return false;
  const isOfTakedown = after === position && after === loaded && after > swapped;
  return after < loaded || (resumes && !isOfTakedown);
}

import type { Refolded } from '#projections';
import * as frames from './frames.js';

/** A change of one story, serialised once for all who follow it. */
export interface Sent {
  readonly position: number;
  /** When the log had it: ISO 8601. */
  readonly recorded: string;
  readonly frame: Buffer;
}

/** Where a client stands: every change of its story up to `at` has been sent to it. */
export interface Stand {
  /** Undefined for one that begins with what comes from now on. */
  readonly at: number | undefined;
  /** False until its first turn: only then can what it asked for be beyond what there is. */
  readonly joined: boolean;
  /** Whether `at` is of an event it was sent, and not of a timeline that it has just loaded. */
  readonly resumes: boolean;
  /** The `rewrites` of what it has loaded; undefined for one that does not say. */
  readonly rewrites: number | undefined;
  /** How often the story had been folded anew by its last turn. */
  readonly refolds: number;
}

/** What a build holds of the story at one instant: its position, and the latest changes, in order. */
export interface Snapshot {
  readonly position: number;
  /** The last position up to it at which readers got something: what they got nothing of does not show by its number. */
  readonly readable: number;
  /** False when the log is not the one that the turn before read. */
  readonly sameLog: boolean;
  /** Those that follow where the client stands, in order; where there are `more`, the first of them. */
  readonly changes: readonly Sent[];
  readonly more: boolean;
  /** Whether more follow than are sent again. */
  readonly tooMany: boolean;
  /** Whether rows of the story that readers had passed are others now. */
  readonly refolded: Refolded;
}

/**
 * The one step that every client takes, whether it just came or has been here for hours: it is sent what the snapshot
 * holds after `at`, and then stands after that. So nothing is lost and nothing comes twice.
 */
export function deliver(stand: Stand, snapshot: Snapshot): [Buffer[], Stand] {
  const { position, readable, sameLog, changes, more, tooMany, refolded } = snapshot;
  const { rewrites, times } = refolded;
  const next = { at: position, joined: true, resumes: true, rewrites, refolds: times };
  const resync = (reason: frames.ResyncReason) => frames.resync(readable, rewrites, reason);
  if (stand.at === undefined) return [[frames.hello(readable, rewrites)], next];
  const after = stand.at;
  if (stand.joined && !sameLog) return [[resync('another-log')], next];
  if (changedBehind(stand, after, refolded)) return [[resync('folded-anew')], next];
  if (after > position) {
    // A build just switched to may be some commits behind: who follows already waits for it to pass.
    return stand.joined ? [[], stand] : [[resync('not-reached')], next];
  }
  if (tooMany) return [[resync('too-far-behind')], next];
  const missed = changes.filter(change => change.position > after);
  const at = more ? (missed.at(-1)?.position ?? after) : position;
  return [missed.map(change => change.frame), { ...next, at }];
}

/**
 * Whether rows changed at positions that the client has passed. A client that follows hears of each rewrite. A client that
 * joins names the number of rewrites it has loaded, or else only its position. Where a timeline may have had that position
 * since the rewrite, we assume that the client loaded it since: otherwise it would load the same again without end.
 */
function changedBehind({ joined, resumes, rewrites, refolds }: Stand, after: number, refolded: Refolded): boolean {
  const { times, position, loaded } = refolded;
  if (joined) return refolds !== times;
  // An event after the last time was sent only once the client had been told to load again.
  if (times > 0 && resumes && after > position) return false;
  if (rewrites !== undefined) return rewrites !== refolded.rewrites;
  return times > 0 && after <= position && (after < loaded || (resumes && after > loaded));
}

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
  /** How often the story had been folded anew by its last turn. */
  readonly refolds: number;
}

/** What a build holds of the story at one instant: its position, and the latest changes, in order. */
export interface Snapshot {
  readonly position: number;
  /** False when the log is not the one that the turn before read. */
  readonly sameLog: boolean;
  readonly changes: readonly Sent[];
  /** Whether rows of the story that readers had passed are others now. */
  readonly refolded: Refolded;
}

/**
 * The one step that every client takes at every turn, whether it just came or has been here for hours: it is sent what
 * the snapshot holds after `at`, and then stands at the snapshot's position. So nothing is lost and nothing comes twice.
 * The snapshot must hold every change after `at`, or more than `backlog` of them.
 */
export function deliver(stand: Stand, snapshot: Snapshot, backlog: number): [Buffer[], Stand] {
  const { position, sameLog, changes, refolded } = snapshot;
  const next = { at: position, joined: true, resumes: true, refolds: refolded.times };
  if (stand.at === undefined) return [[frames.hello(position)], next];
  const after = stand.at;
  if (stand.joined && !sameLog) return [[frames.resync(position, 'another-log')], next];
  if (changedBehind(stand, after, refolded)) return [[frames.resync(position, 'folded-anew')], next];
  if (after > position) {
    // A build just switched to may be some commits behind: who follows already waits for it to pass.
    return stand.joined ? [[], stand] : [[frames.resync(position, 'not-reached')], next];
  }
  const missed = changes.filter(change => change.position > after);
  if (missed.length > backlog) return [[frames.resync(position, 'too-far-behind')], next];
  return [missed.map(change => change.frame), next];
}

/**
 * Who comes back with the very position may have loaded it before or after: loading once more does no harm. A timeline has
 * its story's position, which others have passed before: it is doubted for the while that loading and following take.
 */
function changedBehind({ joined, resumes, refolds }: Stand, after: number, refolded: Refolded): boolean {
  const { times, position, lately } = refolded;
  return joined ? refolds !== times : times > 0 && after <= position && (resumes || lately);
}

import type { Secrets } from '#keys';
import type { Fate, Identified, Link } from './chains.js';
import {
  answerOn,
  conflict,
  keyOf,
  prepare,
  recorded,
  recordOf,
  refusedOn,
  type Answer,
  type Prepared,
} from './decide.js';
import type { KnownSecrets } from './secrets.js';
import { unavailable, type Environment, type Outcome, type Submission } from './submission.js';
import { late, within, type Left } from './time-left.js';
import type { WriteModel } from './write-model.js';

const retries = 3;

/** With less time than this no record is sent, because it could not be settled. */
const leastMs = 1;

const noTime = unavailable('log', 'The newsroom is overloaded.');
const noKeys = unavailable('keys', 'The key store did not answer in time.');
const noTurn = unavailable('log', 'The log does not answer, or too many commands are waiting for this stream.');
const noLog = unavailable('log', 'The log does not answer.');

/**
 * Decides when it is the command's turn, on the state after every record that this process has sent on the stream, sends, and waits until the
 * log has settled the record. A loser is decided again on the new state. A decision that sends nothing is final only on what the log holds,
 * and all that it held at the request. When the time is over the outcome is `pending` if a record may still win, and `unavailable` if none
 * was sent or each has lost.
 */
export async function submit(submission: Submission, environment: Environment, left: Left): Promise<Outcome> {
  const secrets: KnownSecrets = new Map();
  for (let losses = 0; ;) {
    const known = recorded(environment.view(), submission);
    if (known) return known;
    const prepared = await within(left(), prepare(submission, environment, secrets));
    if (prepared === late) return noKeys;
    if (left() < leastMs) return noTime;
    let answer: Answer;
    const decide = (tip: WriteModel): Identified | undefined => {
      answer = answerOn(tip, submission, environment, secrets, prepared);
      return Array.isArray(answer) ? recordOf(answer, tip, submission, environment, secrets) : undefined;
    };
    const { stream } = submission;
    const turn = { stream, own: keyOf(submission), decide };
    const place = await environment.turn(turn, left());
    if (place.turn === 'late') return noTurn;
    if (place.turn === 'decided') {
      const final = answer && (await confirmed(submission, environment, secrets, place.behind, prepared, left));
      if (final) return final;
      continue;
    }
    const came = await within(left(), place.link.settled);
    if (came === late) environment.doubt(stream, place.link);
    const outcome =
      came === late ? ({ outcome: 'pending' } as const) : outcomeOf(came, submission, environment.view(), losses);
    if (outcome) return outcome;
    losses++;
  }
}

/** The outcome of a record that was sent. Undefined if the command must be decided again. */
function outcomeOf(came: Fate, submission: Submission, now: WriteModel, losses: number): Outcome | undefined {
  if (came.fate === 'won') return { outcome: 'won', commit: came.commit, again: false };
  if (came.fate === 'not-sent') return unavailable('log', 'The log is unreachable.');
  // If the winner is an earlier record with this key, this is not a conflict: the next round gives its answer.
  if (losses < retries || now.commands.has(keyOf(submission))) return undefined;
  if (came.fate !== 'lost') return { outcome: 'pending' };
  return refusedOn(now, submission) ?? conflict(now, submission.stream, came.since);
}

/** The final answer to a command that sends nothing: on what the log held at the request. Undefined if it is to be sent after all. */
async function confirmed(
  submission: Submission,
  environment: Environment,
  secrets: Secrets,
  behind: Link | undefined,
  prepared: Prepared,
  left: Left,
): Promise<Outcome | undefined> {
  if (behind && (await within(left(), behind.settled)) === late) return noLog;
  const known = recorded(environment.view(), submission);
  if (known) return known;
  // A refusal must rest on every record that the log held at the request, not on the part that this process had read.
  if ((await within(left(), environment.caughtUp(left()))) !== true) return noLog;
  // The same command may have come once more meanwhile, and have been sent: then it is answered as that one.
  if (recorded(environment.tip(submission.stream), submission)) return undefined;
  const answer = answerOn(environment.view(), submission, environment, secrets, prepared);
  return Array.isArray(answer) ? undefined : answer;
}

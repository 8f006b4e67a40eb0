import { storyStream } from '#domain';
import type { Outcome } from '../../../apps/editor-api/src/commands/submission.js';
import type { Winner } from './arbiter.js';
import { commandOf } from './desk.js';
import { answerTo, type Histories } from './model.js';
import type { Wish } from './plan.js';
import type { Asked, World } from './world.js';

/** An answer may come this much after its time limit: what is left to do then takes no virtual time. */
const graceMs = 5;

/** What the log holds in the end, by which answers are judged. */
export interface Truth {
  readonly world: World;
  readonly winners: readonly Winner[];
  readonly histories: Histories;
}

/** The author of a commit. */
export const authorOf = (value: Uint8Array): string =>
  (JSON.parse(Buffer.from(value).toString()) as { readonly by: { readonly id: string } }).by.id;

/** Whether a commit is that of a wish. */
export const isOwn = ({ by, key }: Wish, { offset, command }: Winner, { broker }: World) =>
  command === key && authorOf(broker.records[offset]!.value) === by;

/** The answer, and what is known of the time between the question and it. */
type Given<Answer> = Omit<Asked, 'answer'> & { readonly answer: Answer } & Truth;
/** Returns why the answer was wrong; undefined if it was right. */
type Judge<Answer> = (given: Given<Answer>) => string | undefined;

const meanwhileOf = ({ winners, records, wish }: Given<unknown>) =>
  winners.filter(
    ({ offset, stream }) => stream === storyStream(wish.story) && offset >= records.before && offset < records.after,
  );

/** The heads of the story between question and answer. */
function headsOf(given: Given<unknown>): (string | undefined)[] {
  const { winners, records, wish } = given;
  const stream = storyStream(wish.story);
  const before = winners.findLast(winner => winner.stream === stream && winner.offset < records.before);
  return [before, ...meanwhileOf(given)].map(winner => winner?.id ?? winners[0]?.id);
}

function won({ answer, winners, records, wish, world, expected }: Given<Outcome & { outcome: 'won' }>) {
  const { id, position, seq, commandHash, parent } = answer.commit;
  const winner = winners[position - 1];
  if (winner?.id !== id || winner.seq !== seq) return `position ${position} holds another commit`;
  if (winner.offset >= records.after) return 'the log did not hold it yet';
  if (!isOwn(wish, winner, world)) return 'the commit is of another command';
  if (commandHash !== commandOf(wish).hash) return 'the commit has another body';
  const isExpected = answer.again || !expected || expected.includes(parent);
  return isExpected ? undefined : 'on a head that the client did not expect';
}

function decided(given: Given<Outcome & { outcome: 'refused' | 'already-so' }>) {
  const { answer, wish, world, histories, records } = given;
  // While the key store is down nobody can tell that the story has the same title.
  const maybe = wish.act === 'open' && world.plan.faults.keys > 0 && answer.outcome === 'refused';
  const states = histories.between(wish.story, records.before, records.after);
  if (!states.some(story => answerTo(wish, story) === answer.outcome || (maybe && story.status !== 'none')))
    return 'the log never said so meanwhile';
  if (answer.outcome === 'refused' || headsOf(given).includes(answer.head)) return undefined;
  return 'its head was not the head meanwhile';
}

function keyTaken({ wish, world, winners, records }: Given<unknown>) {
  const taken = winners.find(winner => isOwn(wish, winner, world) && winner.offset < records.after);
  const hash = taken && world.broker.records[taken.offset]!.headers.ce_commandhash;
  return hash !== undefined && hash !== commandOf(wish).hash ? undefined : 'the key was free';
}

function conflict(given: Given<Outcome & { outcome: 'conflict' }>) {
  const { answer, wish, expected } = given;
  if (answer.meanwhile.some(({ command, by }) => command === wish.key && by.id === wish.by)) return 'with itself';
  if (!expected) return meanwhileOf(given).length > 0 ? undefined : 'nobody was faster';
  return headsOf(given).some(head => !expected.includes(head!)) ? undefined : 'the head was the expected one';
}

/** The process had sent a record of this command, which won: it must not say that the command has no effect. */
function unavailable({ wish, by, to, winners, world }: Given<unknown>) {
  const { hash } = commandOf(wish);
  const sent = winners
    .filter(winner => isOwn(wish, winner, world))
    .filter(({ offset }) => world.broker.records[offset]!.headers.ce_commandhash === hash)
    .map(({ id }) => world.broker.sent.get(id));
  return sent.some(sending => sending?.by === by && sending.at <= to) ? 'this process had sent what won' : undefined;
}

const judges: { readonly [Name in Asked['answer']['outcome']]: Judge<Asked['answer'] & { outcome: Name }> } = {
  won,
  refused: decided,
  'already-so': decided,
  'key-taken': keyTaken,
  conflict,
  pending: ({ isKnown }) => (isKnown ? undefined : 'its status cannot be asked for'),
  thrown: ({ answer: { error } }) => error.stack ?? error.message,
  unavailable,
  none: () => undefined,
  'not-ready': () => undefined,
};

/** What was wrong with an answer, if anything. */
export function wrongAnswer(asked: Asked, truth: Truth): string[] {
  const { wish, answer } = asked;
  const tookMs = asked.to - asked.from;
  const limit = truth.world.plan.settleMs + graceMs;
  const judge = judges[answer.outcome] as Judge<Asked['answer']>;
  const why = tookMs > limit ? `after ${tookMs} ms, not within ${limit}` : judge({ ...asked, ...truth });
  return why === undefined ? [] : [`${wish.act} ${wish.key} was answered ${answer.outcome}: ${why}`];
}

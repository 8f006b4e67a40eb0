import { canonicalJson, storyStream } from '#domain';
import { applyRecord, ownKey, type WriteModel } from '../../../apps/editor-api/src/commands/write-model.js';
import { keyInStory } from '../../../apps/editor-api/src/commands/contents.js';
import { emptyWriteModel } from '../../../apps/editor-api/src/commands/kept-model.js';
import { authorOf, wrongAnswer } from './answers.js';
import { winnersOf, type Winner } from './arbiter.js';
import { commandOf, developmentOf, type Desk } from './desk.js';
import { Histories, nameOf, type StoryModel } from './model.js';
import { isCalm, type Wish } from './plan.js';
import type { Asked, World } from './world.js';

/** Everything that does not hold of a newsroom that has come to rest. */
export function violationsOf(world: World): string[] {
  const { broker, plan, asked } = world;
  const winners = winnersOf(broker.records);
  const wishes = new Map(plan.wishes.map(wish => [nameOf(wish.by, wish.key, commandOf(wish).hash), wish]));
  const histories = new Histories(broker.records, winners, wishes, broker);
  return [
    ...histories.wrong,
    ...recordedTwice(world, winners),
    ...afterQuarantine(asked, winners, broker),
    ...asked.flatMap(one => wrongAnswer(one, { world, winners, histories })),
    ...wonUnsaid(world, winners),
    ...(isCalm(plan) ? disturbances(world, winners) : []),
    ...wrongDesks(world, winners, histories),
    ...wrongProjection(world, winners, histories),
  ];
}

function recordedTwice({ broker }: World, winners: readonly Winner[]): string[] {
  const own = winners
    .filter(({ id }) => !broker.forged.has(id))
    .map(({ offset, command }) => `${authorOf(broker.records[offset]!.value)} ${command}`);
  return own.filter((name, at) => own.indexOf(name) < at).map(name => `${name} was recorded twice`);
}

/** A desk that has read a commit that it cannot read takes no command on its stream. */
function afterQuarantine(asked: readonly Asked[], winners: readonly Winner[], { forged }: World['broker']): string[] {
  const since = new Map(winners.filter(({ id }) => forged.has(id)).map(({ stream, offset }) => [stream, offset]));
  return asked
    .filter(({ isHealed, answer }) => isHealed && answer.outcome !== 'unavailable')
    .filter(({ answer, wish }) => !(answer.outcome === 'won' && answer.again) && since.has(storyStream(wish.story)))
    .filter(({ answer, records }) => answer.outcome !== 'key-taken' && records.before > 0)
    .map(({ wish, answer }) => `${wish.act} ${wish.key} was answered ${answer.outcome} on a quarantined stream`);
}

const withoutEffect = ['refused', 'already-so', 'conflict', 'unavailable'];

/**
 * A record leaves only for a client that waits, or that was told that its command is pending. And if it wins, no client that asked the
 * process meanwhile is told that the command has no effect.
 */
function wonUnsaid({ asked, broker }: World, winners: readonly Winner[]): string[] {
  const asks = Map.groupBy(asked, ({ wish }) => `${wish.by} ${wish.key}`);
  return winners.flatMap(({ id, offset, command }) => {
    const sent = broker.sent.get(id);
    if (!sent || command === 'open-log') return [];
    const own = `${authorOf(broker.records[offset]!.value)} ${command}`;
    const ours = (asks.get(own) ?? []).filter(({ by }) => by === sent.by);
    const before = ours.filter(({ from, answer }) => from <= sent.at && answer.outcome !== 'not-ready');
    const waiting = before.filter(({ to }) => sent.at <= to);
    const last = before.toSorted((one, other) => one.to - other.to).at(-1);
    if (last === undefined || (waiting.length === 0 && last.answer.outcome !== 'pending'))
      return [`${own} was sent when nobody waited for it`];
    const isDenied = ({ answer }: Asked) => withoutEffect.includes(answer.outcome);
    const denied = ours.filter(one => one.from > sent.at && one.records.after <= offset && isDenied(one));
    const told = waiting.length > 0 && waiting.every(isDenied) ? waiting : denied;
    return told.length > 0
      ? [`${own} has won, and was answered ${told.map(one => one.answer.outcome).join(', ')}`]
      : [];
  });
}

/** What a desk still waits for, in words; empty if it waits for nothing. */
export function awaitedBy({ processor }: Desk): string {
  const { sent, asked, streams, outbox, resending } = processor as unknown as {
    readonly [Name in 'sent' | 'asked' | 'streams']: { readonly size: number };
  } & {
    readonly outbox: { readonly size: number } & {
      readonly [Name in 'copying' | 'resting']: { readonly size: number };
    };
    readonly resending: { readonly isBusy: boolean };
  };
  const all = {
    sent: sent.size,
    asked: asked.size,
    streams: streams.size,
    waiting: outbox.size,
    copying: outbox.copying.size,
    resting: outbox.resting.size,
    resending: Number(resending.isBusy),
  };
  const some = Object.entries(all).filter(([, count]) => count > 0);
  return some.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** Where nothing fails, every command gets a final answer, at once; a single process makes no void records. */
function disturbances({ plan, asked, broker, desks }: World, winners: readonly Winner[]): string[] {
  const outcomes = asked.filter(({ answer }) => ['pending', 'unavailable', 'none'].includes(answer.outcome));
  // A command whose key another one in flight has is answered as that one. So is one that names another head than the one in flight does.
  const isAlone = ({ by, key }: Wish) => {
    const same = plan.wishes.filter(wish => wish.by === by && wish.key === key);
    const isCareful = same.length > 1 && same.some(({ careful }) => careful);
    return !isCareful && new Set(same.map(wish => commandOf(wish).hash)).size === 1;
  };
  const alone = outcomes.filter(({ wish }) => isAlone(wish));
  const unsettled = alone.map(({ wish, answer }) => `${wish.act} ${wish.key} was answered ${answer.outcome} in calm`);
  const conflicts = asked.filter(({ answer, expected }) => answer.outcome === 'conflict' && !expected);
  const left = desks.flatMap(desk =>
    awaitedBy(desk) === '' ? [] : [`${desk.owner.name} still waits: ${awaitedBy(desk)}`],
  );
  if (plan.desks > 1) return [...unsettled, ...left];
  const voids = broker.records.length - winners.length;
  return [
    ...unsettled,
    ...left,
    ...conflicts.map(({ wish }) => `${wish.key} met a conflict with no other process`),
    ...(voids > 0 ? [`one process alone made ${voids} void records`] : []),
  ];
}

/** Everything that decisions read of a write model. */
function factsOf(model: WriteModel, { plan }: World): string {
  const stories = [...new Set(plan.wishes.map(({ story }) => story)), 'unknown'];
  const streams = ['log', ...stories.map(storyStream)];
  const keys = [...new Set(plan.wishes.map(({ by, key }) => ownKey(by, key)))];
  return JSON.stringify({
    position: model.arbitration.position,
    genesis: model.arbitration.genesis,
    source: model.source,
    heads: streams.map(stream => model.arbitration.heads.get(stream) ?? null),
    recent: streams.map(stream => model.recent.get(stream) ?? null),
    unreadable: streams.map(stream => model.unreadable.get(stream) ?? null),
    stories: stories.map(story => {
      const state = model.stories.get(story);
      const ids = [...(state?.developments.keys() ?? [])];
      return state ? { ...state, developments: ids.map(id => [id, state.developments.get(id)]) } : null;
    }),
    records: stories.map(story => model.stories.records.get(story) ?? null),
    listed: model.stories.records.keysAfter('', 10),
    commands: keys.map(key => model.commands.get(key) ?? null),
    blocks: model.blocks.keys.get('0') ?? null,
    contents: plan.wishes.map(({ story, key }) =>
      model.contents.get(keyInStory(storyStream(story), developmentOf(story, key))),
    ),
  });
}

/** What comes from the file has its fields in another order. */
const isAlike = (one: string, other: string) =>
  one === other || canonicalJson(JSON.parse(one)) === canonicalJson(JSON.parse(other));

/** The winners of each stream behind one that nobody of ours can read. */
function behindUnreadable({ broker }: World, winners: readonly Winner[]): ReadonlySet<string> {
  const forged = winners.filter(({ id }) => broker.forged.has(id));
  // The first of each stream.
  const since = new Map(forged.toReversed().map(({ stream, offset }) => [stream, offset]));
  return new Set(winners.filter(({ stream, offset }) => offset > (since.get(stream) ?? Infinity)).map(({ id }) => id));
}

function wrongDesks(world: World, winners: readonly Winner[], histories: Histories): string[] {
  const replayed = world.broker.records.reduce((model, record) => applyRecord(model, record), emptyWriteModel);
  const facts = factsOf(replayed, world);
  const behind = behindUnreadable(world, winners);
  return world.desks.flatMap(({ owner, processor }) => {
    const model = processor.view();
    const wrong = (what: string) => [`${owner.name}: ${what}`];
    if (model.arbitration.position !== winners.length) return wrong(`it counts ${model.arbitration.position} winners`);
    if (!isAlike(factsOf(model, world), facts))
      return wrong('its state differs from the state that the whole log gives');
    const stories = [...new Set(world.plan.wishes.map(({ story }) => story))];
    return stories.flatMap(story => wrongStory(model, story, histories.now(story), behind)).flatMap(wrong);
  });
}

/** What a desk's state has wrong of a story, by its history. */
function wrongStory(model: WriteModel, story: string, due: StoryModel, behind: ReadonlySet<string>): string[] {
  const stream = storyStream(story);
  const mine = model.stories.get(story);
  if (model.unreadable.has(stream) !== due.isQuarantined) return [`${story}: quarantine differs`];
  const [status, listed] = [mine?.status ?? 'none', [...(mine?.developments.keys() ?? [])]];
  if (status !== due.status) return [`${story} is ${status} there, and ${due.status} by its history`];
  const ids = [...due.developments.keys()].map(key => developmentOf(story, key));
  if (listed.join() !== ids.join()) return [`${story}: developments differ`];
  const isBehind = model.recent.get(stream)?.some(({ id }) => behind.has(id));
  return isBehind ? [`${story}: it read on behind a commit that it cannot read`] : [];
}

function wrongProjection(world: World, winners: readonly Winner[], histories: Histories): string[] {
  const { database, broker } = world;
  const rows = (table: string) => database.tables.get(table) ?? [];
  const commits = new Map(rows('commit').map(row => [row.position, row]));
  const kept = new Map(rows('quarantined').map(row => [row.position, row]));
  const unreadable = new Set<string>();
  const wrong = commits.size === rows('commit').length ? [] : ['a commit is projected twice'];
  for (const { position, id, stream, seq } of winners) {
    if (broker.forged.has(id)) unreadable.add(stream);
    const row = (unreadable.has(stream) ? kept : commits).get(position);
    if (row?.id !== id || row.seq !== seq) wrong.push(`the projection has another commit at position ${position}`);
  }
  return [...wrong, ...halted(world), ...wrongStreams(world, winners, unreadable), ...wrongStories(world, histories)];
}

const halted = ({ projectors }: World): string[] =>
  projectors.flatMap(({ owner, halted: why, broken }) => [
    ...(why ? [`${owner.name} halted: ${why.message}`] : []),
    ...(broken ? [`${owner.name}: ${broken.stack}`] : []),
  ]);

function wrongStreams({ database }: World, winners: readonly Winner[], unreadable: ReadonlySet<string>): string[] {
  const rows = database.tables.get('stream') ?? [];
  const heads = new Map(winners.map(winner => [winner.stream, winner]));
  const wrong = rows.length === heads.size ? [] : [`the projection has ${rows.length} streams, not ${heads.size}`];
  for (const row of rows) {
    const name = JSON.parse(row.name as string) as string;
    const head = heads.get(name);
    if (head?.id !== row.head || head?.seq !== row.seq) wrong.push(`the projection has another head of ${name}`);
    if ((row.quarantined_at !== null) !== unreadable.has(name)) wrong.push(`the quarantine of ${name} differs`);
  }
  return wrong;
}

/** Each story that was opened has one row, with its status, and no other story has one. */
function wrongStories({ database, plan }: World, histories: Histories): string[] {
  const rows = Map.groupBy(database.tables.get('story_state') ?? [], row => row.story as string);
  const stories = new Set([...plan.wishes.map(({ story }) => story), ...rows.keys()]);
  return [...stories].flatMap(story => {
    const { status } = histories.now(story);
    const seen = (rows.get(story) ?? []).map(row => row.status as string);
    const due = status === 'none' ? [] : [status];
    return seen.join() === due.join() ? [] : [`readers see ${story} as ${seen.join() || 'none'}, not ${status}`];
  });
}

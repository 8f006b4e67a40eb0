import {
  actorStream,
  amendActor,
  decisions,
  digest,
  evolve,
  evolveActor,
  isRefusal,
  keyPointsOf,
  noActor,
  noStory,
  registerActor,
  relations as everyRelation,
  storyStream,
  type ActorState,
  type Content,
  type OpenEvent,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { emptyLog, encode, headOf, logStream, type Arbitration, type LogRecord } from '#event-log';
import { outlined, seal } from '#keys';
import { act, by, secrets, type Payload } from './given.fixture.js';

const stories = ['storm', 'vote'];
const actors = ['harbour', 'mayor', 'port-authority'];
/** Actors whom few developments name. */
const rare = ['envoy', 'witness'];
/** The id of a development by number; twelve digits are more than any test needs. */
export const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const conditions = ['sea-calms', 'talks-fail', 'rain', 'wind'];
const relations = everyRelation.slice(0, 2);
// Each of these was once changed by some store.
const texts = [
  'Plain.',
  `"It's" \\ 'so' \\u0000 {}`,
  'e\u0301 \u00e9 \u2028 🛫 ﷽',
  '  <b>5 > 3</b>\t',
  '\u{10ffff}',
  'ß İ ı',
];
const numbers = [0.1, 1e21, 5e-324, Number.MAX_VALUE, 7, 1e-7];

/** Takes choices from one number, digit by digit. */
const chooser = (choice: number) => (count: number) => {
  const digit = choice % count;
  choice = Math.floor(choice / count);
  return digit;
};
type Choose = ReturnType<typeof chooser>;
const one = <T>(choose: Choose, from: readonly T[]): T => from[choose(from.length)]!;
const oneLine = (choose: Choose) => one(choose, texts).trim().replaceAll(/\s+/g, ' ');

const data: ((choose: Choose) => Pick<Content, 'kind' | 'data'>)[] = [
  choose => ({
    kind: 'statement',
    data: { speaker: one(choose, actors), quote: one(choose, texts), about: [one(choose, [...actors, ...rare])] },
  }),
  choose => ({
    kind: 'arrival',
    data: { actors: [one(choose, actors)], place: oneLine(choose), with: actors },
  }),
  choose => ({
    kind: 'position',
    data: { issue: 'fee', positions: actors.map(actor => ({ actor, stance: one(choose, texts), demand: 'More.' })) },
  }),
  choose => ({
    kind: 'market-move',
    data: { market: 'harbour', direction: 'rise', change: { unit: '%', value: one(choose, numbers) }, reason: 'Wind.' },
  }),
  choose => ({
    kind: 'context',
    data: { topic: 'Old', relation: { between: [one(choose, actors), 'mayor'], state: 'Cool' } },
  }),
  () => ({ kind: 'update', data: {} }),
];

/** A picture of which no file exists; two numbers with the same remainder show the same pixels. */
function pictureBy(n: number): Content['media'] {
  const hex = (digit: number) => digit.toString(16).padStart(64, '0');
  const file = { sha256: hex(n % 4), type: 'image/jpeg', width: 4, height: 3, size: 9 };
  const picture = { secret: 'A'.repeat(22), colour: '#224466', original: { ...file, name: hex(2 * n) } };
  return [{ alt: `Picture ${n}`, picture: { ...picture, renditions: [{ ...file, name: hex(2 * n + 1) }] } }];
}

/** Generates a content from a number. */
export const contentBy = (choice: number): Content => content(chooser(choice));

function content(choose: Choose): Content {
  const id = one(choose, conditions);
  const hour = String(choose(20)).padStart(2, '0');
  const reported = one(choose, data)(choose);
  return {
    ...reported,
    headline: oneLine(choose),
    ...(choose(2) || reported.kind === 'update' ? { body: `${one(choose, texts)}\n` } : {}),
    occurred: choose(3) ? { from: `2026-01-01T${hour}:00:00+01:00`, precision: 'hour' } : { precision: 'unknown' },
    sourcing: choose(2)
      ? { basis: 'on-record', standing: 'reported', actor: one(choose, actors) }
      : { basis: 'desk', standing: 'hinted' },
    modality: choose(2)
      ? { mode: 'conditional', conditions: [{ id, text: oneLine(choose) }] }
      : { mode: one(choose, ['asserted', 'planned', 'denied']) },
    ...(Number(hour) % 3 === 0 && { media: pictureBy(Number(hour)) }),
  };
}

/** The id of a story's n-th sealed header. */
const textOf = (story: string, n: number) => idOf(1_500 + 2 * n + stories.indexOf(story));
const header = ({ texts }: StoryState, story: string, choose: Choose) => ({
  text: textOf(story, texts.size),
  zone: one(choose, ['UTC', 'Europe/Oslo']),
  ...(choose(2) ? { language: 'nb', ends: '2026-01-02T00:00:00.000Z' } : {}),
});

const reason = 'Because.';
const origin = { id: 'c'.repeat(64), by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' };
const embargo = (choose: Choose) => (choose(2) ? { until: '2026-01-01T12:00:00.000Z' } : {});
/** A development's content and outline. */
function withContent(development: string, reported: Content) {
  return { development, outline: outlined(reported, secrets.get(development)), told: { content: reported } };
}

const recording = (state: StoryState, choose: Choose): StoryDecision =>
  decisions.recordDevelopment({
    ...withContent(idOf(state.developments.size), content(choose)),
    key: choose(3) === 0,
    ...(choose(3) === 0 && state.developments.size ? { supersedes: known(state, choose) } : {}),
    ...(choose(4) === 0 ? { embargo: embargo(choose) } : {}),
  });

/** Picks one of the story's latest developments. */
const known = ({ developments: { size } }: StoryState, choose: Choose) => idOf(Math.max(size - 1 - choose(6), 0));

const capture = {
  ...{ url: 'https://news.example/', title: 'Talks end', sources: ['html' as const] },
  ...{ at: '2026-01-01T12:00:00Z', proof: 'p'.repeat(43) },
};

const editing: ((development: string, choose: Choose, state: StoryState, story: string) => StoryDecision)[] = [
  (development, choose) => {
    const { told: payloads, ...about } = withContent(development, content(choose));
    return decisions.correct({ ...about, told: { ...payloads, wrong: 'All.', reason } });
  },
  (development, choose) => {
    const told = data[choose(data.length - 1)]!(choose);
    const { outline } = withContent(development, { ...content(choose), ...told });
    return decisions.classify({ development, outline, told });
  },
  (development, choose) => {
    const told = { headline: oneLine(choose), body: one(choose, texts) };
    const { outline } = withContent(development, { ...content(choose), ...told });
    return decisions.copyEdit({ development, outline, told });
  },
  (development, choose) => {
    const told = { captures: [{ ...capture, again: { gone: true as const, at: capture.at, proof: capture.proof } }] };
    const { outline } = withContent(development, { ...content(choose), ...told });
    return decisions.recapture({ development, outline, told });
  },
  (development, choose, state) => decisions.supersede({ development, by: known(state, choose) }),
  development => decisions.retract({ development, told: { reason } }),
  development => decisions.verify({ development, told: { note: reason } }),
  development => decisions.dispute({ development, told: { reason } }),
  development => decisions.pin({ development }),
  development => decisions.unpin({ development }),
  development => decisions.markKey({ development }),
  development => decisions.unmarkKey({ development }),
  (development, choose) => decisions.changeEmbargo({ development, ...embargo(choose) }),
  development => decisions.liftEmbargo({ development }),
  (development, choose, state) => decisions.link({ development, to: known(state, choose), as: one(choose, relations) }),
  (development, _, state) => {
    const [link = { to: development, as: relations[0]! }] = state.developments.get(development)?.links ?? [];
    return decisions.unlink({ development, ...link });
  },
  (_, choose) => (choose(3) ? decisions.reopenStory({ reason }) : decisions.closeStory({})),
  (_, choose, state, story) => {
    const sealed = { text: textOf(story, state.texts.size), told: { reason: one(choose, texts) } };
    if (choose(3)) return decisions.reopenStory(sealed);
    const ended = '2026-01-01T12:00:00.000Z';
    return decisions.closeStory({ ...sealed, ended, ...(choose(2) ? { continues: 'vote' } : {}) });
  },
  (development, choose, state, story) =>
    decisions.settleCondition({
      ...{ text: textOf(story, state.texts.size), told: { reason: one(choose, texts) } },
      condition: one(choose, conditions),
      fate: choose(2) ? 'met' : 'lapsed',
      ...(choose(2) ? { development } : {}),
    }),
  (development, choose) =>
    decisions.settleCondition({
      condition: one(choose, conditions),
      fate: choose(2) ? 'met' : 'lapsed',
      reason,
      ...(choose(2) ? { development } : {}),
    }),
];

/** Sets key points: some that the story has, in the opposite order, perhaps one of them rewritten, and perhaps a new one. */
function keyPointing(state: StoryState, story: string, choose: Choose): StoryDecision {
  const held = keyPointsOf(state).list.map(({ text }) => text);
  const kept = held.filter(() => choose(4)).toReversed();
  const rewritten = choose(3) === 0 ? kept.at(-1) : undefined;
  const points = kept
    .filter(text => text !== rewritten)
    .map(text => ({ text, ...(choose(5) ? {} : { cites: [known(state, choose)] }) }));
  const fresh = {
    text: textOf(story, state.texts.size),
    told: { words: oneLine(choose) },
    cites: [...new Set([known(state, choose), known(state, choose)])],
    ...(rewritten !== undefined && { replaces: rewritten }),
  };
  return decisions.setKeyPoints({
    points: choose(4) || rewritten !== undefined ? [fresh, ...points].slice(0, 12) : points,
  });
}

function decisionOn(state: StoryState, story: string, choose: Choose): StoryDecision {
  if (state.status === 'none') {
    // Versions from before titles were sealed opened stories so.
    if (choose(3) === 0) return () => [{ type: 'StoryOpened', data: { title: story, zone: 'UTC' } }];
    return decisions.openStory({ ...header(state, story, choose), told: { title: story } });
  }
  if (choose(8) === 0)
    return decisions.amendStory({ ...header(state, story, choose), told: { title: oneLine(choose), reason } });
  if (choose(2)) return recording(state, choose);
  if (choose(5) === 0) return keyPointing(state, story, choose);
  return one(choose, editing)(known(state, choose), choose, state, story);
}

/** Runs the domain's decisions on commands, each given as a number; omits those that are refused or change nothing. */
export function history(choices: readonly number[]): Payload[] {
  const rooms = new Map<string, StoryState>();
  const registry = new Map<string, ActorState>();
  let versions = 0;
  const wish = (choice: number): Payload[] => {
    const choose = chooser(choice);
    if (choose(12) === 0)
      return [registryEvent(registry, one(choose, [...actors, ...rare]), idOf(1_900 + versions++), choose)];
    const id = one(choose, stories);
    const before = rooms.get(id) ?? noStory;
    const events = decisionOn(before, id, choose)(before);
    if (isRefusal(events)) return [];
    rooms.set(
      id,
      events.reduce((state, event) => evolve(state, event, origin), before),
    );
    return [{ stream: storyStream(id), events: events as OpenEvent[] }];
  };
  return choices.flatMap(wish).filter(({ events }) => events.length > 0);
}

function registryEvent(registry: Map<string, ActorState>, actor: string, text: string, choose: Choose): Payload {
  const name = oneLine(choose);
  const held = registry.get(actor) ?? noActor;
  const profile = {
    name,
    kind: 'group' as const,
    aliases: [name, 'x,"y"'],
    affiliations: choose(2) ? [one(choose, rare), 'mayor'] : [],
    description: 'What is NULL?',
  };
  const { kind, affiliations, ...told } = profile;
  // Earlier versions wrote entries in the clear.
  const entry = choose(3) === 0 ? profile : { text, told, kind, affiliations };
  const events = (held ? amendActor(entry) : registerActor(entry))(held);
  if (isRefusal(events)) throw new Error(events.detail);
  registry.set(
    actor,
    events.reduce((state: ActorState, event) => evolveActor(state, event, origin), held),
  );
  return { stream: actorStream(actor), events: events as OpenEvent[] };
}

/** Numbers for `history`, determined by the seed. */
export function choices(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => (state = (state * 48_271) % 2_147_483_647) * 4_096 + (state % 4_096));
}

/** The first record of a log, then the records of these commits, every seventh of them twice. */
export function recordsOf(payloads: readonly Payload[], name = 'test'): LogRecord[] {
  let state: Arbitration = emptyLog;
  const opening: Payload = { stream: logStream, events: [{ type: 'LogOpened', data: { name } }] };
  return [opening, ...payloads]
    .flatMap(({ stream, events }, i) => {
      const { id: parent, seq } = headOf(state, stream);
      const draft = {
        source: 'urn:dateline:test',
        stream,
        seq: seq + 1,
        parent,
        recorded: act(i).recorded,
        by,
        events: seal(stream, events, secrets),
      };
      const { id, headers, value } = encode({ ...draft, command: `command-${i}`, commandHash: digest(i) });
      state = {
        genesis: state.genesis ?? id,
        position: state.position + 1,
        heads: state.heads.set(stream, { id, seq: seq + 1 }),
      };
      return Array.from({ length: i % 7 === 6 ? 2 : 1 }, () => ({ headers, value }));
    })
    .map((record, offset) => ({ offset, ...record }));
}

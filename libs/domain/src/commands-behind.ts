import { system, type CommitAuthor } from './author.js';
import { bylineOf } from './byline.js';
import { asSentCaptures, type Capture } from './capture.js';
import { asSentContent, newsroomDefaults, type Content, type PostingDefaults } from './content.js';
import { digest } from './digest.js';
import { withoutTickets } from './tickets.js';
import { payloadOf } from './story/payload.js';
import type { Does } from './story/rights.js';
import { actorOf, storyOf } from './streams.js';

// The log holds no command, only its hash. From the events of a commit one can work out what the command must have been, but for a few
// spellings: a field that has a default may have been left out. Each of them is tried against the hash.

/** A command, as its hash covers it. */
export interface HashedCommand {
  /** The stored name of the act. */
  readonly does: string;
  /** The id of the person who asked for it. */
  readonly by: string;
  /** The ids that the route names. */
  readonly target: object;
  /** The validated body. */
  readonly body: object;
}

/** The hash that identifies a command in the log: of all but the tickets of pictures. Its form is stored, so it never changes. */
export const commandHash = ({ does, by, target, body }: HashedCommand): string =>
  digest({ does, by, target, body: withoutTickets(body) });

/** A commit's parts that show its command. */
export interface Led {
  readonly stream: string;
  readonly by: CommitAuthor;
  /** ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
  /** Their payloads are open, or null where the key is destroyed. */
  readonly events: readonly { readonly type: string; readonly data: object }[];
}

/** What the stream held before the commit. */
export interface Before {
  readonly defaults?: PostingDefaults | undefined;
  /** The headline that the newsroom makes of a content without one. Undefined if nobody knows. */
  readonly headline?: ((content: Content) => string | undefined) | undefined;
  /** The content that the client sent, for who knows it: the spelling with the same fields is tried first. */
  readonly like?: object | undefined;
}

/** The commands that give these events. */
export interface Behind {
  readonly does: string;
  /** Whether there is no other: a command with another hash cannot have led to these events. */
  readonly complete: boolean;
  readonly commands: Iterable<HashedCommand>;
}

type Data = Readonly<Record<string, unknown>>;
type Event = { readonly type: string; readonly data: Data };
type Commit = Omit<Led, 'events'> & { readonly events: readonly Event[] };
type Bodies = Iterable<object>;

interface Way {
  readonly does: Does;
  /** The names in the route whose ids the event has. */
  readonly target?: readonly ('development' | 'condition' | 'text' | 'proposal')[];
  readonly partial?: true;
  /** Every body that gives these events. */
  bodies(data: Data, told: Data, commit: Commit, before: Before): Bodies;
}

const nothing = (): Bodies => [{}];
const words = (_: Data, told: Data): Bodies => [told];
const without = (data: Data, ...names: string[]): Data =>
  Object.fromEntries(Object.entries(data).filter(([name, value]) => !names.includes(name) && value !== undefined));
const isSame = (one: unknown, other: unknown): boolean => digest(one ?? null) === digest(other ?? null);

/** With and without each of these fields. Without all of them first: most clients leave out what has a default. */
function* leftOut(body: Data, names: readonly string[]): Generator<Data> {
  const [name, ...rest] = names;
  if (name === undefined) return void (yield body);
  yield* leftOut(without(body, name), rest);
  yield* leftOut(body, rest);
}

const development = ['development'] as const;
const proposal = ['proposal'] as const;

const onDevelopment = (does: Does, bodies: Way['bodies'] = nothing): Way => ({ does, target: development, bodies });
const approval: Way = { does: 'approve-proposal', target: proposal, bodies: nothing };
const header: Way['bodies'] = (data, told) => [{ ...told, ...without(data, 'text', 'told') }];
/** A story gets a team unless the command says otherwise. */
const openings: Way['bodies'] = (data, told, { events }) => {
  const body = { ...told, ...without(data, 'text', 'told') };
  const hasTeam = events.some(({ type }) => type === 'MemberNamed');
  return hasTeam ? [body, { ...body, team: 'own' }] : [{ ...body, team: 'newsroom' }];
};
const entry: Way['bodies'] = ({ kind, affiliations }, told) => [{ ...told, kind, affiliations }];
const takedown: Way['bodies'] = ({ ground, as }, { reason }) => [
  { ground, reason },
  { ground, reason, as },
];

/** A content's optional fields that a client may have left out. */
function* contents(
  held: Content,
  fresh: boolean,
  { by, before }: { by: CommitAuthor; before: Before },
): Generator<Data> {
  const content = asSentContent(held) as unknown as Content;
  const { defaults = newsroomDefaults } = before;
  const made = before.headline?.({ ...content, headline: undefined }) ?? content.headline;
  const ofNew = { occurred: { precision: 'unknown' }, ...defaults, byline: bylineOf(by) };
  const standard = { headline: made, ...(fresh && ofNew) };
  const optional = Object.entries(standard).flatMap(([name, value]) =>
    isSame((content as Data)[name], value) ? [name] : [],
  );
  const hasData = isSame(content.data, {}) ? [true, false] : [true];
  const { like } = before;
  if (like) yield without(content as Data, ...[...optional, 'data'].filter(name => !Object.hasOwn(like, name)));
  for (const body of leftOut(content as Data, optional))
    for (const has of hasData) yield has ? body : without(body, 'data');
}

/** The rest of the request is in the commit's other events. */
function* recordings({ told, ...commit }: Commit & { told: Data; before: Before }) {
  const dataOf = (wanted: string) => commit.events.find(({ type }) => type === wanted)?.data;
  const [superseded, embargo] = [dataOf('DevelopmentSuperseded'), dataOf('DevelopmentEmbargoed')];
  const more = {
    ...(superseded && { supersedes: superseded.development }),
    ...(embargo && { embargo: without(embargo, 'development') }),
  };
  const key = dataOf('DevelopmentMarkedKey') !== undefined;
  for (const content of contents(told.content as Content, true, commit)) {
    yield { content, ...more, ...(key && { key }) };
    if (!key) yield { content, ...more, key };
  }
}

/** `DevelopmentSubmitted` has the embargo that the author asked for; the commit's other embargo lasts until the approval. */
function* submissions({ told, ...commit }: Commit & { told: Data; before: Before }) {
  const embargo = commit.events.find(isSubmission)?.data.embargo;
  for (const content of contents(told.content as Content, true, commit))
    yield { content, ...(embargo === undefined ? {} : { embargo }) };
}
const isSubmission = ({ type }: Event): boolean => type === 'DevelopmentSubmitted';
const submission: Way = {
  does: 'submit-development',
  bodies: (_, told, commit, before) => submissions({ ...commit, told, before }),
};

/** How much later than its command a closing may have been recorded, in milliseconds. */
const closingMs = 600_000;

function closings({ ended, continues }: Data, { reason }: Data, { recorded }: Commit): Bodies {
  const body = without({ reason, continues, ended });
  // Without an end in the command, it is the moment when the command came.
  const isNow = Math.abs(Date.parse(recorded) - Date.parse(ended as string)) < closingMs;
  return isNow ? leftOut(body, ['ended']) : [body];
}

/** The list of key points, as the desk sends it: all that the log holds. Other commands may leave out what stays as it is. */
function* pointLists(events: readonly Event[]): Generator<object> {
  const fresh = new Map(events.flatMap(({ type, data }) => (type === 'KeyPointWritten' ? [[data.text, data]] : [])));
  const points = (events.find(({ type }) => type === 'KeyPointsSet')?.data.points ?? []) as readonly Data[];
  const sent = points.map(({ text, cites, checked }) => {
    const written = fresh.get(text);
    const said = written && ((payloadOf(written as never) ?? {}) as Data).words;
    return written ? without({ point: written.replaces, text: said, cites }) : without({ point: text, cites, checked });
  });
  yield { points: sent };
  yield { points: sent.map(point => ('text' in point ? point : without(point, 'cites'))) };
}
const keyPoints: Way = { does: 'set-key-points', partial: true, bodies: (_, __, { events }) => pointLists(events) };

/** By the type of the commit's first event. Of a type that is not here nobody can work out the command. */
const ways: Readonly<Record<string, Way>> = {
  StoryOpenedSealed: { does: 'open-story', bodies: openings },
  StoryAmended: { does: 'amend-story', bodies: header },
  StoryClosedSealed: { does: 'close-story', bodies: closings },
  StoryReopenedSealed: { does: 'reopen-story', bodies: words },
  DevelopmentRecorded: {
    does: 'record-development',
    bodies: (_, told, commit, before) => recordings({ ...commit, told, before }),
  },
  DevelopmentCorrected: onDevelopment('correct-development', function* (_, told, { by }, before) {
    for (const content of contents(told.content as Content, false, { by, before })) yield { ...told, content };
  }),
  DevelopmentClassified: onDevelopment('classify-development', (_, told) =>
    leftOut(told, isSame(told.data, {}) ? ['data'] : []),
  ),
  // The log has neither the addresses that the editor called dead, nor which of the two texts was sent.
  DevelopmentCopyEdited: {
    ...onDevelopment('copy-edit-development', (_, told) => leftOut(told, ['headline', 'body'])),
    partial: true,
  },
  DevelopmentRecaptured: onDevelopment('recapture-development', (_, { captures }) => [
    { captures: asSentCaptures(captures as readonly Capture[]) },
  ]),
  DevelopmentRetracted: onDevelopment('retract-development', words),
  DevelopmentSuperseded: onDevelopment('supersede-development', ({ by }) => [{ by }]),
  DevelopmentVerified: onDevelopment('verify-development', words),
  DevelopmentDisputed: onDevelopment('dispute-development', words),
  DevelopmentPinned: onDevelopment('pin-development'),
  DevelopmentUnpinned: onDevelopment('unpin-development'),
  DevelopmentMarkedKey: onDevelopment('mark-key'),
  DevelopmentUnmarkedKey: onDevelopment('unmark-key'),
  ConditionSettledSealed: {
    does: 'settle-condition',
    target: ['condition'],
    bodies: ({ fate, development }, { reason }) => [without({ fate, reason, development })],
  },
  EmbargoChanged: onDevelopment('change-embargo', data => [without(data, 'development')]),
  EmbargoLifted: onDevelopment('lift-embargo'),
  DevelopmentLinked: onDevelopment('link-development', ({ to, as }) => [{ to, as }]),
  DevelopmentUnlinked: onDevelopment('unlink-development', ({ to, as }) => [{ to, as }]),
  RetractionProposed: onDevelopment('propose-retraction', words),
  TakedownProposed: onDevelopment('propose-takedown', takedown),
  TextTakedownProposed: { does: 'propose-text-takedown', target: ['text'], bodies: takedown },
  ProposalApproved: approval,
  TextShredded: approval,
  ApprovalsLoosened: approval,
  ProposalWithdrawn: { does: 'withdraw-proposal', target: proposal, bodies: words },
  TextTakedownWithdrawn: { does: 'withdraw-proposal', target: proposal, bodies: words },
  ApprovalsKept: { does: 'withdraw-proposal', target: proposal, bodies: ({ reason }) => [{ reason }] },
  // The log has the acts in order, whatever the order in the command.
  ApprovalsRequired: { does: 'require-approvals', partial: true, bodies: ({ acts }) => [{ acts }] },
  ApprovalsProposed: { does: 'propose-approvals', partial: true, bodies: ({ acts, reason }) => [{ acts, reason }] },
  PostingDefaultsSet: { does: 'set-posting-defaults', bodies: data => [data] },
  ReviewSet: { does: 'set-review', bodies: ({ reporters }) => [{ reporters }] },
  SubmissionApproved: onDevelopment('approve-submission', ({ commit }) => [{ commit }]),
  SubmissionReturned: onDevelopment('return-submission', ({ commit }, { note }) => [{ commit, note }]),
  MemberNamed: { does: 'name-member', bodies: ({ member, role }) => [{ member, role }] },
  MemberRemoved: { does: 'remove-member', bodies: ({ member }) => [{ member }] },
  KeyPointWritten: keyPoints,
  KeyPointsSet: keyPoints,
  ActorRegisteredSealed: { does: 'register-actor', bodies: entry },
  ActorAmendedSealed: { does: 'amend-actor', bodies: entry },
  ActorTakedownProposed: { does: 'propose-actor-takedown', bodies: takedown },
  ActorShredded: { does: 'approve-actor-takedown', target: proposal, bodies: nothing },
  ActorTakedownWithdrawn: { does: 'withdraw-actor-takedown', target: proposal, bodies: words },
};

/** The hash of the command with which the newsroom itself lifts an embargo when its time has come. Stored, so its form never changes. */
export const liftHash = (story: string, about: { readonly development: string; readonly until: string }): string =>
  digest({ does: 'lift-when-due', story, development: about.development, until: about.until });

const wayOf = (events: readonly { readonly type: string }[]): Way | undefined =>
  events.some(({ type }) => type === 'DevelopmentSubmitted') ? submission : ways[events[0]?.type ?? ''];

/** The act of a commit, by its events; undefined if this version does not know it. */
export const actBehind = (events: readonly { readonly type: string }[]): Does | undefined => wayOf(events)?.does;

/** Every command that gives this commit's events. Undefined if nobody can work it out, as when a key of its words is destroyed. */
export function commandsBehind(commit: Led, before: Before = {}): Behind | undefined {
  const events = commit.events as readonly Event[];
  const [first] = events;
  const way = wayOf(events);
  if (!first || !way) return undefined;
  const needed = [first, ...events.filter(({ type }) => type === 'KeyPointWritten')];
  if (needed.some(({ data }) => 'told' in data && payloadOf(data as never) === undefined)) return undefined;
  const { does, target: names = [], partial } = way;
  const own = storyOf(commit) === undefined ? { actor: actorOf(commit) } : { story: storyOf(commit) };
  const target = { ...own, ...Object.fromEntries(names.map(name => [name, first.data[name]])) };
  const told = (payloadOf(first.data as never) ?? {}) as Data;
  const { by } = commit;
  function* commands(): Generator<HashedCommand> {
    for (const body of way!.bodies(first!.data, told, { ...commit, events }, before))
      yield { does, by: by.id, target, body };
  }
  return { does, complete: !partial, commands: { [Symbol.iterator]: commands } };
}

/** Whether a command with this hash gives this commit's events. Undefined if nobody can say. */
export function leadsTo(hash: string, commit: Led, before: Before = {}): boolean | undefined {
  const { development, until } = (commit.events[0]?.data ?? {}) as { development: string; until?: string };
  if (commit.by.id === system.id && until !== undefined)
    return liftHash(storyOf(commit) ?? '', { development, until }) === hash;
  const behind = commandsBehind(commit, before);
  if (!behind) return undefined;
  for (const command of behind.commands) if (commandHash(command) === hash) return true;
  return behind.complete ? false : undefined;
}

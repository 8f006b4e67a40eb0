import {
  actorStream,
  Content,
  decisions,
  digest,
  isRefusal,
  noActor,
  noStory,
  registerActor,
  storyStream,
  type Author,
  type DomainEvent,
  type OpaqueEvent,
} from '#domain';
import { encode, logStream, root, type NewRecord } from '#event-log';
import { outlined, seal } from '#keys';
import { createHash } from 'node:crypto';

/** The stories to make, each with this many developments. */
export interface MadeStories {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly developments: number;
}

const source = 'urn:dateline:bench';
const by: Author = { id: 'ed', name: 'Ed' };
const firstMs = Date.UTC(2020, 0, 1);
/** The time between two commits. Each development occurs in a different minute. */
const apartMs = 60_000;

/** The actors of every story. They speak in turn. */
export const actors = Array.from({ length: 10 }, (_, number) => `speaker-${number}`);
export const madeStory = (number: number) => `made-${number}`;
/** The id of a story’s development. Both numbers start at 0. */
export const madeDevelopment = (story: number, number: number) =>
  `00000000-0000-4000-${(0x8000 + (story >> 16)).toString(16)}-${(story & 0xffff).toString(16).padStart(4, '0')}${number.toString(16).padStart(8, '0')}`;
/** The id under which a story’s title is sealed. */
export const madeText = (story: number) => madeDevelopment(story, 0xffff_ffff);
/** The secret that seals a development, or a story’s title. */
export const secretOf = (development: string): Buffer => createHash('sha512').update(development).digest();
/** When the development was recorded. */
export const recordedAt = (story: number, number: number, developments: number) =>
  new Date(firstMs + (story * (developments + 1) + number + 1) * apartMs).toISOString();

type Made = NewRecord & { readonly id: string };

function commit(stream: string, parent: string, seq: number, recorded: string, events: readonly DomainEvent[]): Made {
  const command = `${stream}-${seq}`;
  return encode({
    source,
    stream,
    seq,
    parent,
    recorded,
    command,
    commandHash: digest(command),
    by,
    events,
  });
}

function decided<Event = DomainEvent>(events: readonly OpaqueEvent[] | object): Event[] {
  if (isRefusal(events)) throw new Error(events.detail);
  return events as Event[];
}

const begun = new Date(firstMs).toISOString();
const genesis = commit(logStream, root, 1, begun, [{ type: 'LogOpened', data: { name: source } }]);

/** The first commits of the log: they open it and register the actors. */
export function beginning(): Made[] {
  const person = (name: string) => registerActor({ name, kind: 'person', aliases: [], affiliations: [] })(noActor);
  return [
    genesis,
    ...actors.map((actor, number) =>
      commit(actorStream(actor), genesis.id, 1, begun, decided(person(`Speaker ${number}`))),
    ),
  ];
}

const contentOf = (number: number, speaker: string, recorded: string): Content =>
  Content.parse({
    kind: 'statement',
    headline: `${speaker}: No. ${number}`,
    data: {
      speaker,
      quote: `No. ${number}: the harbour is closed until the wind drops, and the ferries stay where they are.`,
    },
    occurred: { from: `${recorded.slice(0, 19)}Z`, precision: 'minute' },
    sourcing: { basis: 'on-record', standing: 'reported', actor: speaker },
    modality: { mode: 'asserted' },
  });

/** The commits of these stories, one story after the other, sealed and encoded by the product’s own code. */
export function* commitsOf({ from, to, developments }: MadeStories): Generator<Made> {
  for (let story = from; story < to; story++) {
    const stream = storyStream(madeStory(story));
    const text = madeText(story);
    const opening = decided<OpaqueEvent>(
      decisions.openStory({ text, zone: 'UTC', told: { title: `Story ${story}` } })(noStory),
    );
    const opened = seal(stream, opening, { get: secretOf });
    let last = commit(stream, genesis.id, 1, recordedAt(story, -1, developments), opened);
    yield last;
    for (let number = 0; number < developments; number++) {
      const development = madeDevelopment(story, number);
      const secret = secretOf(development);
      const recorded = recordedAt(story, number, developments);
      const content = contentOf(number, actors[number % actors.length]!, recorded);
      const data = { development, outline: outlined(content, secret), told: { content } };
      const events = seal(stream, [{ type: 'DevelopmentRecorded', data }], { get: () => secret });
      last = commit(stream, last.id, number + 2, recorded, events);
      yield last;
    }
  }
}

import {
  actorStream,
  canonicalJson,
  decisions,
  digest,
  evolve,
  isRefusal,
  noActor,
  noStory,
  registerActor,
  storyStream,
  type CommitAuthor,
  type Content,
  type DomainEvent,
  type OpaqueEvent,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { createHash } from 'node:crypto';
import { outlined, seal } from '#keys';
import {
  emptyLog,
  encode,
  headOf,
  logStream,
  type Arbitration,
  type LogRecord,
  type NewRecord,
  type Signed,
} from '#event-log';

/** The secrets that seal the tests' developments. */
export const secrets = { get: (development: string) => createHash('sha512').update(development).digest() };

export const story = 'storm';
export const source = 'urn:dateline:test';
export const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** When the commit at this position was recorded: one minute after the one before it. */
export const at = (position: number) => new Date(Date.UTC(2026, 0, 1, 12) + position * 60_000).toISOString();

export const said = (quote: string, more: Partial<Content> = {}): Content => ({
  kind: 'statement',
  headline: `Mayor: ${quote}`,
  data: { speaker: 'mayor', quote },
  occurred: { from: '2026-01-01T12:00:00Z', precision: 'minute' },
  sourcing: { basis: 'on-record', standing: 'reported', actor: 'mayor' },
  modality: { mode: 'asserted' },
  ...more,
});

/** A development with its public metadata and its payload. */
export function withContent(number: number, content: Content, more: object = {}) {
  const development = id(number);
  return { development, outline: outlined(content, secrets.get(development)), told: { content, ...more } };
}

/** Keeps sealed events, so that the same log has the same bytes although sealing is random. */
const sealed = new Map<string, DomainEvent[]>();
function sealedOnce(stream: string, events: readonly OpaqueEvent[]): DomainEvent[] {
  const written = canonicalJson([stream, events]);
  const before = sealed.get(written) ?? seal(stream, events, secrets);
  sealed.set(written, before);
  return before;
}

const by: CommitAuthor = { id: 'ed', name: 'Ed' };
const reason = 'Because.';
type More = { recorded?: string; by?: CommitAuthor; command?: string; commandHash?: string; signed?: Signed };
type Written = NewRecord & { readonly id: string };

/** A log as editors write it: each commit is a decision, on the head of its stream. */
export class Writing {
  readonly records: Written[] = [];
  private state: Arbitration = emptyLog;
  private room: StoryState = noStory;

  constructor() {
    this.append(logStream, [{ type: 'LogOpened', data: { name: source } }]);
  }

  get position(): number {
    return this.state.position;
  }

  register(actor: string, name: string): this {
    const events = registerActor({ name, kind: 'person', aliases: [], affiliations: [] })(noActor);
    if (isRefusal(events)) throw new Error(events.detail);
    return this.append(actorStream(actor), events);
  }

  decide(decision: StoryDecision, more: More = {}): this {
    const events = decision(this.room);
    if (isRefusal(events)) throw new Error(events.detail);
    const origin = { by, recorded: at(this.position + 1), ...more };
    this.append(storyStream(story), events, more);
    const { id } = this.records.at(-1)!;
    this.room = events.reduce((before, event) => evolve(before, event, { id, ...origin }), this.room);
    return this;
  }

  /** A takedown by two people. */
  takeDown(development: string): this {
    const proposed = { development, ground: 'court-order' as const, as: 'editor' as const, told: { reason } };
    this.decide(decisions.proposeTakedown(proposed));
    const proposal = this.records.at(-1)!.id;
    const lawyer = { id: 'la', name: 'La Law' };
    return this.decide(decisions.approve({ proposal, as: 'legal', by: lawyer, told: undefined }), { by: lawyer });
  }

  /** Appends any events. */
  append(stream: string, events: readonly OpaqueEvent[], more: More = {}): this {
    const { id: parent, seq } = headOf(this.state, stream);
    const position = this.state.position + 1;
    const record = encode({
      source,
      stream,
      seq: seq + 1,
      parent,
      recorded: at(position),
      command: `command-${position}`,
      commandHash: digest(position),
      by,
      events: sealedOnce(stream, events),
      ...more,
    });
    this.records.push(record);
    const heads = this.state.heads.set(stream, { id: record.id, seq: seq + 1 });
    this.state = { genesis: this.state.genesis ?? record.id, position, heads };
    return this;
  }

  /** Appends the last record again, which is then void. */
  again(): this {
    this.records.push(this.records.at(-1)!);
    return this;
  }

  read(): LogRecord[] {
    return this.records.map(({ headers, value }, offset) => ({ offset, headers, value }));
  }
}

/** A log with thirty developments and every act. */
export function writing(): Writing {
  const log = new Writing().register('mayor', 'The mayor').register('harbour', 'Harbour').again();
  const conditional = { mode: 'conditional' as const, conditions: [{ id: 'sea-calms', text: 'the sea calms' }] };
  log.decide(
    decisions.openStory({
      text: 'ffffffff-0000-4000-8000-000000000000',
      zone: 'Europe/Oslo',
      told: { title: 'The storm' },
    }),
  );
  for (let number = 1; number <= 30; number++)
    log.decide(decisions.recordDevelopment(withContent(number, said(`No. ${number}`))));
  const content = said('We sail.', { modality: conditional });
  return log
    .decide(decisions.recordDevelopment({ ...withContent(31, content), key: true, supersedes: id(1) }))
    .decide(decisions.correct(withContent(2, said('No. Two'), { wrong: 'The number.', reason })))
    .again()
    .decide(decisions.verify({ development: id(2), told: { note: 'Two saw it.' } }))
    .decide(decisions.pin({ development: id(3) }))
    .decide(decisions.retract({ development: id(4), told: { reason } }))
    .decide(decisions.settleCondition({ condition: 'sea-calms', fate: 'met', reason, development: id(5) }))
    .decide(decisions.dispute({ development: id(6), told: { reason } }))
    .decide(decisions.closeStory({}));
}

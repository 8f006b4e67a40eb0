import { digest, storyStream, type DomainEvent } from '#domain';
import { arbitrate, emptyLog, encode, headOf, logStream, type Arbitration, type NewRecord } from '#event-log';

/** Encodes commits as editors append them: one event each, on the head of its stream. */
export class Written {
  private state: Arbitration = emptyLog;

  constructor(private readonly name = 'urn:dateline:test') {}

  /** Number of commits so far. */
  get position(): number {
    return this.state.position;
  }

  next(stream: string, event: DomainEvent, by = 'ed'): NewRecord {
    const { id: parent, seq } = headOf(this.state, stream);
    const number = this.state.position;
    const header = { source: this.name, recorded: new Date(number * 1_000).toISOString(), by: { id: by } };
    const asked = { command: `command-${number}`, commandHash: digest(number) };
    const record = encode({ ...header, ...asked, stream, seq: seq + 1, parent, events: [event] });
    [this.state] = arbitrate(this.state, record.headers);
    return record;
  }

  /** The log's first commit. */
  open(by?: string): NewRecord {
    return this.next(logStream, { type: 'LogOpened', data: { name: this.name } }, by);
  }

  /** Opens, closes and reopens a story. */
  turn(story = 'storm', by?: string): NewRecord {
    const { seq } = this.state.heads.get(storyStream(story)) ?? { seq: 0 };
    const turn = { type: seq % 2 ? 'StoryClosed' : 'StoryReopened', data: {} } as const;
    const opened = { type: 'StoryOpened', data: { title: story, zone: 'UTC' } } as const;
    return this.next(storyStream(story), seq ? turn : opened, by);
  }

  /** Encodes `count` commits of one story. */
  records(count: number, story?: string): NewRecord[] {
    return Array.from({ length: count }, () => this.turn(story));
  }
}

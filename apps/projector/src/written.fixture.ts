import { digest, storyStream, type DomainEvent } from '#domain';
import { arbitrate, emptyLog, encode, headOf, logStream, type Arbitration, type NewRecord } from '#event-log';

/** Commits as editors append them, each of one event and on the head of its stream. */
export class Written {
  private state: Arbitration = emptyLog;

  constructor(private readonly name = 'urn:dateline:test') {}

  /** How many commits there are so far. */
  get position(): number {
    return this.state.position;
  }

  next(stream: string, event: DomainEvent, by = 'ed'): NewRecord {
    const { id: parent, seq } = headOf(this.state, stream);
    const number = this.state.position;
    const told = { source: this.name, recorded: new Date(number * 1_000).toISOString(), by: { id: by } };
    const asked = { command: `command-${number}`, commandHash: digest(number) };
    const record = encode({ ...told, ...asked, stream, seq: seq + 1, parent, events: [event] });
    [this.state] = arbitrate(this.state, record.headers);
    return record;
  }

  /** The log's first commit. */
  open(by?: string): NewRecord {
    return this.next(logStream, { type: 'LogOpened', data: { name: this.name } }, by);
  }

  /** A story is opened, closed and opened again. */
  turn(story = 'storm', by?: string): NewRecord {
    const { seq } = this.state.heads.get(storyStream(story)) ?? { seq: 0 };
    const turn = { type: seq % 2 ? 'StoryClosed' : 'StoryReopened', data: {} } as const;
    const opened = { type: 'StoryOpened', data: { title: story, zone: 'UTC' } } as const;
    return this.next(storyStream(story), seq ? turn : opened, by);
  }

  /** So many commits of one story. */
  tell(count: number, story?: string): NewRecord[] {
    return Array.from({ length: count }, () => this.turn(story));
  }
}

import {
  decisions,
  digest,
  noStory,
  refuse,
  storyStream,
  type Directory,
  type DomainEvent,
  type StoryProfile,
  reconstructDecision,
} from '#domain';
import { encode, headOf, root, type AppendOutcome, type LogRecord, type NewRecord } from '#event-log';
import { outlined, type Secrets } from '#keys';
import { describe, expect, test } from '@jest/globals';
import { Link } from './chains.js';
import type { Place, Turn } from './outbox.js';
import { emptyWriteModel } from './kept-model.js';
import { ownKey, applyRecord, type WriteModel } from './write-model.js';
import type { Environment, Submission, Unavailable } from './submission.js';
import { submit as submitIn } from './submit.js';
import { timeLeft } from './time-left.js';

const source = 'urn:test:log';
const by = { id: 'ed' };
const profile = (title: string): StoryProfile => ({ title, zone: 'UTC' });
const open = (title: string) => (model: WriteModel) =>
  reconstructDecision([{ type: 'StoryOpened', data: profile(title) }], by)!(model.stories.get('s', noStory));

/** An environment in which a test decides what happens between two steps. The log is an array. */
class World implements Environment {
  source = source;
  readonly log: LogRecord[] = [];
  private model = emptyWriteModel;
  private read = 0;
  private clock = 0;
  appends = 0;
  reachable = true;
  /** Replaces a plain append: other processes' commits, or the record's loss. */
  onAppend: (record: NewRecord) => AppendOutcome = record => (this.arrive(record), 'sent');

  constructor() {
    this.post('log', 'open-log', [{ type: 'LogOpened', data: { name: source } }]);
    this.catchUp();
  }

  arrive({ headers, value }: NewRecord): void {
    this.log.push({ offset: this.log.length, headers, value });
  }

  /** Appends a commit of another process, which this one has not read. Its parent is the actual head. */
  post(
    stream: string,
    command: string,
    events: DomainEvent[],
    commandHash = digest(events),
  ): NewRecord & { id: string } {
    const truth = this.log.reduce((model, record) => applyRecord(model, record), emptyWriteModel);
    const head = truth.arbitration.genesis ? headOf(truth.arbitration, stream) : { id: root, seq: 0 };
    const record = encode({
      source,
      stream,
      seq: head.seq + 1,
      parent: head.id,
      recorded: this.now(),
      command,
      commandHash,
      by,
      events,
    });
    this.arrive(record);
    return record;
  }

  catchUp(): void {
    for (const record of this.log.slice(this.read)) this.model = applyRecord(this.model, record);
    this.read = this.log.length;
  }

  view = () => this.model;
  tip = () => this.model;
  turn = async ({ own, decide }: Turn): Promise<Place> => {
    const model = this.tip();
    const record = decide(model);
    if (!record) return { turn: 'decided', behind: undefined };
    this.appends++;
    const link = new Link(own, record, model, 0);
    const outcome = this.onAppend(record);
    const parent = record.headers.ce_parent!;
    if (outcome === 'not-sent') link.end({ fate: 'not-sent' });
    else {
      this.catchUp();
      const commit = this.model.recent.get(record.key)?.find(({ id }) => id === record.id);
      if (commit) link.end({ fate: 'won', commit });
      else if (headOf(this.model.arbitration, record.key).id !== parent) link.end({ fate: 'lost', since: parent });
    }
    return { turn: 'sending', link, sent: Promise.resolve(outcome) };
  };
  doubt = () => undefined;
  openNames = async (): Promise<Unavailable | undefined> => undefined;
  named = (directory: Directory): Directory | undefined => directory;
  caughtUp = async () => (this.reachable && this.catchUp(), this.reachable);
  now = () => new Date(Date.UTC(2026, 0, 1) + this.clock++).toISOString();
  /** The key store's answer. Undefined until the store is asked. */
  keys: Secrets | Unavailable | undefined;
  secretOf = async (development: string) => {
    this.asked++;
    return 'outcome' in this.keys! ? this.keys : this.keys!.get(development)!;
  };
  keepSecret = this.secretOf;
  /** Ids whose keys are lost. */
  lost = new Set<string>();
  lossOf = async (id: string): Promise<Unavailable | undefined> =>
    this.lost.has(id) ? { outcome: 'unavailable', of: 'keys', why: `${id} is lost.` } : undefined;
  asked = 0;
}

const submit = (submission: Submission, world: World) => submitIn(submission, world, () => 50);

const submission = (decide: Submission['decide'], more: Partial<Submission> = {}): Submission => ({
  stream: storyStream('s'),
  command: 'k',
  does: 'test',
  commandHash: 'h',
  by,
  decide,
  ...more,
});

let others = 0;
/** A commit of a colleague that moves the stream's head each time. */
const colleague = (world: World) =>
  world.post(storyStream('s'), `other-${others++}`, [
    { type: others % 2 ? 'StoryClosed' : 'StoryReopened', data: {} },
  ] as DomainEvent[]);

describe('submitting a command', () => {
  test('a command that wins returns its commit', async () => {
    const world = new World();
    const outcome = await submit(submission(open('A')), world);
    expect(outcome).toMatchObject({ outcome: 'won', again: false, commit: { command: 'k', seq: 1, position: 2 } });
  });

  test('in a log restored under another name, a record carries the log’s original name', async () => {
    const world = new World();
    world.source = 'urn:test:restored';
    await submit(submission(open('A')), world);
    expect(world.log.at(-1)!.headers.ce_source).toBe(source);
  });

  test('a repeated key returns the same commit and appends nothing', async () => {
    const world = new World();
    const first = await submit(submission(open('A')), world);
    const again = await submit(submission(open('A')), world);
    expect(again).toEqual({ ...first, again: true });
    expect(world.appends).toBe(1);
  });

  test('a key that another command used is answered with key-taken', async () => {
    const world = new World();
    await submit(submission(open('A')), world);
    expect(await submit(submission(open('A'), { commandHash: 'other' }), world)).toEqual({ outcome: 'key-taken' });
  });

  test('a command that changes nothing appends nothing', async () => {
    const world = new World();
    await submit(submission(open('A')), world);
    const head = headOf(world.view().arbitration, storyStream('s'));
    const outcome = await submit(submission(open('A'), { command: 'k2' }), world);
    expect(outcome).toEqual({ outcome: 'already-so', head: head.id, seq: 1, position: 2 });
    expect(world.appends).toBe(1);
  });

  test('a command is refused only after all records that the log held at the request are read', async () => {
    const world = new World();
    const openOnly = (model: WriteModel) =>
      model.stories.has('s') ? decisions.closeStory({})(model.stories.get('s')!) : refuse('unknown-story');
    world.post(storyStream('s'), 'unseen', [{ type: 'StoryOpened', data: profile('A') }]);
    expect(await submit(submission(openOnly), world)).toMatchObject({ outcome: 'won' });
    expect(
      await submit(
        submission(() => refuse('story-closed'), { command: 'k2' }),
        world,
      ),
    ).toMatchObject({
      outcome: 'refused',
      refusal: { refused: 'story-closed' },
    });
  });

  test('a refused command that comes again and is sent meanwhile is answered as that one', async () => {
    const world = new World();
    const { caughtUp } = world;
    world.caughtUp = async () => {
      const sent = world.post(storyStream('s'), 'k', [{ type: 'StoryOpened', data: profile('A') }], 'h');
      const model = applyRecord(world.view(), { offset: world.log.length - 1, ...sent });
      [world.tip, world.caughtUp] = [() => model, caughtUp];
      return true;
    };
    const refused = submission(() => refuse('unknown-story'));
    expect(await submit(refused, world)).toMatchObject({ outcome: 'won', again: true, commit: { command: 'k' } });
  });

  test('a command is not refused while the log is unreachable', async () => {
    const world = new World();
    world.reachable = false;
    expect(
      await submit(
        submission(() => refuse('unknown-story')),
        world,
      ),
    ).toMatchObject({ outcome: 'unavailable' });
  });

  test('a command that lost is decided again on the new head', async () => {
    const world = new World();
    let colleagues = 2;
    world.onAppend = record => (colleagues-- > 0 && colleague(world), world.arrive(record), 'sent');
    const seen: number[] = [];
    const decide = (model: WriteModel): DomainEvent[] => {
      seen.push(headOf(model.arbitration, storyStream('s')).seq);
      return [{ type: 'StoryOpened', data: profile('A') }];
    };
    expect(await submit(submission(decide), world)).toMatchObject({ outcome: 'won', commit: { seq: 3 } });
    expect(seen).toEqual([0, 1, 2]);
  });

  test('a command that lost four times is a conflict and is not recorded', async () => {
    const world = new World();
    world.onAppend = record => (colleague(world), world.arrive(record), 'sent');
    const outcome = await submit(
      submission(() => [{ type: 'StoryOpened', data: profile('A') }]),
      world,
    );
    expect(outcome).toMatchObject({ outcome: 'conflict', meanwhile: [{ command: expect.stringContaining('other') }] });
    expect(world.appends).toBe(4);
    expect(world.view().commands.has(ownKey('ed', 'k'))).toBe(false);
  });

  test('a command that lost four times is refused if its author may not do this any more: they learn nothing of the commits since', async () => {
    const world = new World();
    world.onAppend = record => (colleague(world), world.arrive(record), 'sent');
    const notAllowed = ({ arbitration }: WriteModel) =>
      headOf(arbitration, storyStream('s')).seq < 4 ? undefined : refuse('not-in-team');
    const outcome = await submit(
      submission(() => [{ type: 'StoryOpened', data: profile('A') }], { notAllowed }),
      world,
    );
    expect(outcome).toEqual({ outcome: 'refused', refusal: refuse('not-in-team') });
    expect(world.appends).toBe(4);
  });

  test('a command that lost to a record with its own key has won', async () => {
    const world = new World();
    world.onAppend = record => {
      if (world.appends < 4) colleague(world);
      else world.post(storyStream('s'), 'k', [{ type: 'StoryOpened', data: profile('A') }], 'h');
      world.arrive(record);
      return 'sent';
    };
    const outcome = await submit(
      submission(() => [{ type: 'StoryOpened', data: profile('A') }]),
      world,
    );
    expect(outcome).toMatchObject({ outcome: 'won', again: true, commit: { command: 'k' } });
  });

  test('a command has won even if another stream took the same key in the meantime', async () => {
    const world = new World();
    world.onAppend = record => {
      world.post(storyStream('elsewhere'), 'k', [{ type: 'StoryOpened', data: profile('B') }], 'other');
      world.arrive(record);
      return 'sent';
    };
    expect(await submit(submission(open('A')), world)).toMatchObject({
      outcome: 'won',
      again: false,
      commit: { stream: storyStream('s') },
    });
  });

  test('a command with an expected head is a conflict if the head has moved, with the commits since', async () => {
    const world = new World();
    await submit(submission(open('A')), world);
    const { id: expected } = headOf(world.view().arbitration, storyStream('s'));
    world.post(storyStream('s'), 'unseen', [{ type: 'StoryClosed', data: {} }]);
    const decide = (): DomainEvent[] => [{ type: 'StoryClosed', data: {} }];
    const outcome = await submit(submission(decide, { command: 'k2', expected: [expected] }), world);
    expect(outcome).toMatchObject({ outcome: 'conflict', meanwhile: [{ command: 'unseen' }] });
    expect(world.view().commands.has(ownKey('ed', 'k2'))).toBe(false);
  });

  test('a command with an expected head that this process has not read yet waits for that head', async () => {
    const world = new World();
    const { id: expected } = world.post(storyStream('s'), 'unseen', [{ type: 'StoryOpened', data: profile('A') }]);
    const decide = (): DomainEvent[] => [{ type: 'StoryClosed', data: {} }];
    expect(await submit(submission(decide, { expected: [expected] }), world)).toMatchObject({
      outcome: 'won',
      commit: { seq: 2 },
    });
  });

  test('a command that does not settle in time is pending, and sending it again settles it', async () => {
    const world = new World();
    const late: NewRecord[] = [];
    world.onAppend = record => (late.push(record), 'unknown');
    expect(await submit(submission(open('A')), world)).toEqual({ outcome: 'pending' });
    world.onAppend = record => ([...late, record].forEach(r => world.arrive(r)), 'sent');
    expect(await submit(submission(open('A')), world)).toMatchObject({ outcome: 'won', again: true });
    expect(world.view().arbitration.position).toBe(2);
  });

  test('a command that could not be sent is unavailable', async () => {
    const world = new World();
    world.onAppend = () => 'not-sent';
    expect(await submit(submission(open('A')), world)).toMatchObject({ outcome: 'unavailable' });
  });

  test('a command on a quarantined stream is unavailable, and on other streams it is decided', async () => {
    const world = new World();
    const { headers } = world.post(storyStream('s'), 'x', [{ type: 'StoryClosed', data: {} }]);
    world.log.pop();
    world.arrive({ key: '', headers, value: Buffer.from('not what the id covers') });
    expect(await submit(submission(open('A')), world)).toMatchObject({ outcome: 'unavailable' });
    expect(await submit(submission(open('A'), { stream: storyStream('t') }), world)).toMatchObject({ outcome: 'won' });
  });
});

describe('submitting a command with a payload', () => {
  const development = '00000000-0000-4000-8000-000000000001';
  const content = {
    kind: 'context',
    data: { topic: 'The count' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  } as const;
  const secret = new Uint8Array(64).fill(7);
  const recording: Submission['decide'] = (model, secrets) => {
    const outline = outlined(content, secrets.get(development));
    const told = { content };
    return decisions.recordDevelopment({ development, outline, told })(model.stories.get('s', noStory));
  };
  const sealing = (model: WriteModel) =>
    model.stories.get('s', noStory).status === 'open' ? { key: development, isNew: true as const } : undefined;
  const opened = async () => {
    const world = new World();
    await submit(submission(open('A'), { command: 'open' }), world);
    return world;
  };

  test('the payload is sealed, and the outline uses the development’s own secret', async () => {
    const world = await opened();
    world.keys = new Map([[development, secret]]);
    expect(await submit(submission(recording, { sealing }), world)).toMatchObject({ outcome: 'won' });
    const { value } = world.log.at(-1)!;
    expect(Buffer.from(value).toString()).not.toContain('The count');
    const held = world.view().stories.get('s')!.developments.get(development)!;
    expect(held.digest).toBe(outlined(content, secret).digest);
    expect(world.asked).toBe(1);
  });

  test('nothing new is sent after words whose key is lost, until the key is found', async () => {
    const world = await opened();
    world.keys = new Map([[development, secret]]);
    await submit(submission(recording, { sealing, command: 'before' }), world);
    world.lost.add(development);
    const next = { command: 'after', sealing: () => ({ key: development, isNew: true as const }) };
    const words = submission(() => [{ type: 'StoryClosed', data: {} }], next);
    expect(await submit(words, world)).toMatchObject({ outcome: 'unavailable', why: `${development} is lost.` });
    expect(world.appends).toBe(2);
    world.lost.clear();
    expect(await submit(words, world)).toMatchObject({ outcome: 'won' });
  });

  test('the command is not sent while the key store is unavailable, and can be repeated later', async () => {
    const world = await opened();
    world.keys = { outcome: 'unavailable', of: 'keys', why: 'Away.' };
    expect(await submit(submission(recording, { sealing }), world)).toEqual(world.keys);
    expect(world.appends).toBe(1);
    world.keys = new Map([[development, secret]]);
    expect(await submit(submission(recording, { sealing }), world)).toMatchObject({ outcome: 'won' });
    world.keys = { outcome: 'unavailable', of: 'keys', why: 'Away.' };
    expect(await submit(submission(recording, { sealing }), world)).toMatchObject({ outcome: 'won', again: true });
  });

  test('the outcome in the log is returned even if the key store is unavailable', async () => {
    const world = await opened();
    const events = [{ type: 'StoryClosed' as const, data: {} }];
    world.post(storyStream('s'), 'k', events, 'h');
    world.keys = { outcome: 'unavailable', of: 'keys', why: 'Away.' };
    expect(await submit(submission(recording, { sealing }), world)).toMatchObject({ outcome: 'won', again: true });
  });

  test('a key store that never answers makes the command unavailable in time, and nothing is sent', async () => {
    const world = await opened();
    world.keepSecret = () => new Promise(() => undefined);
    const outcome = await submitIn(submission(recording, { sealing }), world, timeLeft(50));
    expect(outcome).toMatchObject({ outcome: 'unavailable', of: 'keys' });
    expect(world.appends).toBe(1);
  });

  test('a development that another process records while its key is asked for is not said to lack its key', async () => {
    const world = await opened();
    world.keys = new Map([[development, secret]]);
    // The command acts on a development of which this process has not read yet.
    const acting = { ...submission(open('A'), { command: 'later' }), sealing: () => ({ key: development }) };
    const decide: Submission['decide'] = model =>
      model.stories.get('s', noStory).status === 'closed'
        ? [{ type: 'StoryReopened', data: {} }]
        : refuse('unknown-development');
    const missing = { outcome: 'unavailable', of: 'keys', why: 'No key.' } as const;
    world.secretOf = async () => {
      if (world.asked++ > 0) return secret;
      world.post(storyStream('s'), 'other', [{ type: 'StoryClosed', data: {} }]);
      return missing;
    };
    expect(await submit({ ...acting, decide }, world)).toMatchObject({ outcome: 'won' });
    expect(world.asked).toBe(2);
  });

  test('a decision that reads a text waits for the text that a record in flight has brought', async () => {
    const world = await opened();
    world.keys = new Map([[development, secret]]);
    const isClosed = (model: WriteModel) => model.stories.get('s', noStory).status === 'closed';
    const decide: Submission['decide'] = (model, secrets) => {
      if (!isClosed(model)) return [{ type: 'StoryClosed', data: {} }];
      return secrets.has(development) ? [] : refuse('story-exists');
    };
    const reading = (model: WriteModel) => (isClosed(model) ? { opens: development } : undefined);
    const { turn } = world;
    let turns = 0;
    world.turn = (given: Turn) => {
      if (turns++ === 0) {
        world.post(storyStream('s'), 'other', [{ type: 'StoryClosed', data: {} }]);
        world.catchUp();
      }
      return turn(given);
    };
    const outcome = await submit(submission(decide, { command: 'later', sealing: reading }), world);
    expect([outcome.outcome, world.asked]).toEqual(['already-so', 1]);
  });

  test('a refused command asks for no key', async () => {
    const world = new World();
    expect(await submit(submission(recording, { sealing }), world)).toMatchObject({ outcome: 'refused' });
    expect(world.asked).toBe(0);
  });
});

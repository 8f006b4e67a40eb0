import { arbitrate, emptyLog, encode, headOf, kafkaAppender, kafkaReader, type LogRecord } from '#event-log';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
let editor: Client;
beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  editor = await newsroom.as(['editor']);
  for (const id of ['struck', 'spared']) await editor.post('/stories', { id, title: id, zone: 'Europe/Berlin' });
});
afterAll(() => newsroom?.close());

const note = {
  content: {
    kind: 'context',
    data: { topic: 'A note' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
};

/** Another producer appends a commit that wins by its headers and whose value nobody here can read. */
async function forge(stream: string): Promise<void> {
  const log = { brokers: newsroom.env.KAFKA_BROKERS!.split(','), topic: newsroom.env.LOG_TOPIC! };
  const reader = kafkaReader(log);
  const { next } = await reader.bounds();
  const records: LogRecord[] = [];
  const done = new AbortController();
  await reader.read(0, async batch => void (records.push(...batch) >= next && done.abort()), done.signal);
  await reader.close();
  const state = records.reduce((held, { headers }) => arbitrate(held, headers)[0], emptyLog);
  const head = headOf(state, stream);
  const draft = {
    source: 'elsewhere',
    stream,
    seq: head.seq + 1,
    parent: head.id,
    recorded: new Date(0).toISOString(),
  };
  const known = encode({
    ...draft,
    command: 'forged',
    commandHash: head.id,
    by: { id: 'x' },
    events: [{ type: 'StoryClosed', data: {} }],
  });
  const appender = kafkaAppender(log);
  expect(await appender.append({ ...known, value: Buffer.from('{"from":"the future"}') })).toBe('sent');
  await appender.close();
}

test('a record that nobody can read quarantines its stream; other streams go on, health says so, and nothing is lost', async () => {
  const before = await editor.post('/stories/struck/developments', note);
  await forge('story:struck');

  expect(await editor.post('/stories/struck/developments', note)).toMatchObject({
    status: 503,
    body: { code: 'log-unavailable', detail: expect.stringContaining('quarantined') },
  });
  const after = await editor.post('/stories/spared/developments', note);
  expect(after.status).toBe(201);
  await newsroom.readAt('/stories/spared', after.body.position);

  const { body: struck } = await newsroom.readers.get('/stories/struck/timeline');
  expect(struck.entries.map(({ id }: { id: string }) => id)).toEqual([before.body.development]);

  const quarantined = { 'story:struck': expect.anything() };
  for (const { url } of [newsroom.editors[0]!, newsroom.projector!])
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'ready', quarantined });

  const { rows } = await newsroom.onDatabase(async client => {
    const build = (await client.query<{ name: string }>('select name from dateline.build where live')).rows[0]!.name;
    return client.query(
      `select headers::json->>'ce_subject' as stream, encode(value, 'escape') as value from ${build}.quarantined`,
    );
  });
  expect(rows).toEqual([{ stream: 'story:struck', value: '{"from":"the future"}' }]);
});

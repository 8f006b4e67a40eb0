import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { forge } from '../harness/forging.js';
import { metricsUrl } from '../harness/metrics.js';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
let editor: Client;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ env: { METRICS_PORT: '0' } });
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

test('an unreadable record quarantines only its stream, health counts it, and its bytes are kept', async () => {
  const before = await editor.post('/stories/struck/developments', note);
  await forge(newsroom, 'story:struck');

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
  for (const app of [newsroom.editors[0]!, newsroom.projector!]) {
    const health = await (await fetch(`${app.url}/health/ready`)).text();
    expect(JSON.parse(health)).toMatchObject({ status: 'ready', quarantined: 1 });
    expect(health).not.toContain('struck');
    expect(await (await fetch(new URL('/details', metricsUrl(app)))).json()).toMatchObject({ quarantined });
  }

  const { rows } = await newsroom.onDatabase(async client => {
    const build = (await client.query<{ name: string }>('select name from dateline.build where live')).rows[0]!.name;
    return client.query(
      `select headers::json->>'ce_subject' as stream, encode(value, 'escape') as value from ${build}.quarantined`,
    );
  });
  expect(rows).toEqual([{ stream: 'story:struck', value: '{"from":"the future"}' }]);
});

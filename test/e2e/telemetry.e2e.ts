import { kafkaAppender } from '#event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EventSource } from 'eventsource';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { startApp } from '../harness/app.js';
import { Client } from '../harness/client.js';
import { metricsUrl, scrape } from '../harness/metrics.js';
import { TestNewsroom } from '../harness/newsroom.js';

interface Span {
  readonly app: string;
  readonly name: string;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Receives what a collector would: OTLP over HTTP, as JSON. */
class Collector {
  readonly spans: Span[] = [];
  private readonly server: Server = createServer(async (request, response) => {
    this.take(await text(request));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async of(traceId: string, app: string, name: string): Promise<Span> {
    for (let waited = 0; waited < 10_000; waited += 50, await sleep(50)) {
      const span = this.spans.find(s => s.traceId === traceId && s.app === app && s.name === name);
      if (span) return span;
    }
    throw new Error(`No span ${name} of ${app} among ${JSON.stringify(this.spans)}.`);
  }

  private take(body: string): void {
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans)
      for (const { spans } of scopeSpans)
        for (const { name, traceId, attributes } of spans)
          this.spans.push({
            app: plain(resource.attributes)['service.name'] as string,
            name,
            traceId,
            attributes: plain(attributes),
          });
  }
}

const plain = (attributes: { key: string; value: Record<string, unknown> }[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const collector = new Collector();
let newsroom: TestNewsroom;
let editor: Client;

beforeAll(async () => {
  const env = { METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: await collector.open(), LOG_LEVEL: 'info' };
  newsroom = await TestNewsroom.open({ env });
  editor = await newsroom.as(['editor']);
}, 120_000);
afterAll(async () => {
  await newsroom?.close();
  collector.close();
});

const traceId = 'a'.repeat(31) + '7';
const story = 'telemetry';

describe('traces, logs and metrics', () => {
  test('one trace connects the editor’s request, the log, the projector and the open page', async () => {
    await editor.post('/stories', { id: story, title: 'Watched', zone: 'UTC' });
    await newsroom.seen(2);
    const source = new EventSource(`${newsroom.reader!.url}/stories/${story}/live`);
    try {
      await new Promise(resolve => source.addEventListener('hello', resolve));
      const changed = new Promise(resolve => source.addEventListener('change', resolve));
      const answer = await editor.post(
        `/stories/${story}/close`,
        {},
        {
          key: 'watched',
          headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
        },
      );
      expect(answer.status).toBe(201);
      await changed;
      const { position } = answer.body;
      await collector.of(traceId, 'dateline-editor-api', 'POST /stories/:story/close');
      const settled = await collector.of(traceId, 'dateline-editor-api', 'settle');
      expect(settled.attributes).toMatchObject({ command: 'watched', outcome: 'won', position });
      await collector.of(traceId, 'dateline-editor-api', 'append');
      const projected = await collector.of(traceId, 'dateline-projector', 'project');
      expect(projected.attributes).toMatchObject({ position, stream: `story:${story}` });
      const delivered = await collector.of(traceId, 'dateline-reader-api', 'deliver');
      expect(delivered.attributes).toMatchObject({ position, streams: 1 });
      expect(await scrape(newsroom.reader!, 'dateline_sse_clients')).toEqual({ '': 1 });
      expect(await scrape(newsroom.reader!, 'dateline_delivery_seconds_count')).toEqual({ '': 1 });
    } finally {
      source.close();
    }
  });

  const lines = () => newsroom.editors[0]!.output.filter(line => line.startsWith('{')).map(line => JSON.parse(line));

  /** Waits for the line of a command: what a process prints may come after its answer. */
  async function lineOf(command: string): Promise<void> {
    for (let waited = 0; waited < 10_000; waited += 20, await sleep(20))
      if (lines().some(line => line.command === command)) return;
    throw new Error(`No line of the command ${command} among ${JSON.stringify(lines())}.`);
  }

  test('a command logs one line with its author, act, id, outcome and position', async () => {
    await lineOf('watched');
    const [line, ...more] = lines().filter(({ command }) => command === 'watched');
    const given = { by: 'test-editor', does: 'close-story', stream: `story:${story}` };
    expect(line).toMatchObject({ app: 'editor-api', ...given, outcome: 'won', position: 3 });
    expect(more).toEqual([]);
  });

  test('a refused request logs the person, the act, the reason and the address, and no token', async () => {
    const [auditor, stranger] = [await newsroom.as(['auditor']), new Client(newsroom.editors[0]!.url)];
    await auditor.post(`/stories/${story}/close`, {});
    await stranger.post(`/stories/${story}/close`, {}, { headers: { Authorization: 'Bearer a.b.c' } });
    const trace = { traceparent: `00-${'d'.repeat(32)}-${'b'.repeat(16)}-01` };
    await stranger.post(`/stories/${story}/close`, {}, { headers: trace });
    await editor.post(`/stories/nowhere/close`, {}, { key: 'refused' });
    await lineOf('refused');
    const refused = lines().filter(({ msg }) => msg === 'refused');
    const [route, address] = ['POST /stories/:story/close', expect.stringContaining('127.0.0.1')];
    expect(refused).toMatchObject([
      { who: 'test-auditor', route, address, status: 403, code: 'wrong-role', why: 'not reporter or editor' },
      { who: null, route, address, status: 401, code: 'wrong-token', why: 'ERR_JWS_INVALID' },
      { who: null, route, address, status: 401, code: 'no-token', why: 'no token' },
    ]);
    expect(JSON.stringify(refused)).not.toMatch(/authorization|Bearer|eyJ|a\.b\.c/i);
    expect(lines().find(({ command }) => command === 'refused')).toMatchObject({
      ...{ by: 'test-editor', does: 'close-story', outcome: 'refused', code: 'unknown-story' },
    });
    // The collector has the spans of later requests, so it would also have those of this one.
    await editor.post(`/stories/nowhere/close`, {}, { headers: { traceparent: `00-${traceId}-${'c'.repeat(16)}-01` } });
    await collector.of(traceId, 'dateline-editor-api', 'POST /stories/:story/close');
    expect(collector.spans.filter(span => span.traceId === 'd'.repeat(32))).toEqual([]);
  });

  test('the editor-api counts commands by outcome, and measures commands and requests', async () => {
    await editor.post(`/stories/nowhere/close`);
    await editor.post(`/stories/${story}/close`, {}, { key: 'again' });
    const [app] = newsroom.editors;
    expect(await scrape(app!, 'dateline_commands_total')).toEqual({
      'outcome="won"': 2,
      'outcome="refused"': 3,
      'outcome="already-so"': 1,
    });
    expect(await scrape(app!, 'dateline_log_position')).toEqual({ '': 3 });
    expect(await scrape(app!, 'dateline_quarantined_streams')).toEqual({ '': 0 });
    expect((await scrape(app!, 'dateline_settle_seconds_count'))['outcome="won"']).toBe(2);
    const requests = await scrape(app!, 'dateline_http_request_duration_seconds_count');
    expect(requests).toMatchObject({
      'method="POST",route="/stories/:story/close",status="201"': 1,
      'method="POST",route="/stories/:story/close",status="404"': 3,
    });
  });

  test('the editor-api counts void records', async () => {
    const [app] = newsroom.editors;
    const before = (await scrape(app!, 'dateline_void_records_total'))['']!;
    const { KAFKA_BROKERS, LOG_TOPIC } = newsroom.env;
    const appender = kafkaAppender({ brokers: KAFKA_BROKERS!.split(','), topic: LOG_TOPIC! });
    const sent = await appender.append({ key: 'stray', headers: {}, value: Buffer.from('{}') });
    await appender.close();
    expect(sent).toBe('sent');
    for (let waited = 0; waited < 30_000; waited += 50, await sleep(50))
      if ((await scrape(app!, 'dateline_void_records_total'))[''] === before + 1) return;
    throw new Error('The void record was not counted.');
  });

  test('only the leading projector exports its position', async () => {
    const standby = await startApp('projector', newsroom.env);
    try {
      const leader = newsroom.projector!;
      expect(await scrape(leader, 'dateline_leader')).toEqual({ '': 1 });
      expect(await scrape(leader, 'dateline_projection_position')).toEqual({ '': 3 });
      expect(await scrape(leader, 'dateline_projection_live')).toEqual({ '': 1 });
      expect(await scrape(leader, 'dateline_projection_lag_records')).toEqual({ '': 0 });
      expect(await scrape(leader, 'dateline_projection_lag_seconds')).toEqual({ '': 0 });
      expect(await scrape(standby, 'dateline_leader')).toEqual({ '': 0 });
      expect(await scrape(standby, 'dateline_projection_position')).toEqual({});
    } finally {
      await standby.signal('SIGTERM');
    }
  });

  test('the metrics port serves nothing but metrics, and the public port serves none', async () => {
    const url = metricsUrl(newsroom.reader!);
    expect((await fetch(new URL('/stories', url))).status).toBe(404);
    expect((await fetch(new URL('/metrics', newsroom.reader!.url))).status).toBe(404);
  });
});

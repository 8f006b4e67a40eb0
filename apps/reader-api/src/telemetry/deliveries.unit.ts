import { expect, test } from '@jest/globals';
import { trace, type SpanOptions, type TracerProvider } from '@opentelemetry/api';
import { Registry } from 'prom-client';
import { Deliveries } from './deliveries.js';

// Any role of the database can notify, so any payload may come.
test.each([
  '',
  'x',
  'null',
  '{}',
  '[1]',
  '[{"position":-1,"parent":"a"}]',
  `[{"position":1,"parent":${JSON.stringify('x'.repeat(201))}}]`,
])('the malformed notification of traces %j is ignored', text => {
  expect(() => new Deliveries(new Registry()).heard(text)).not.toThrow();
});

const traces = (position: number) =>
  JSON.stringify([{ position, parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }]);
const change = (position: number) => ({ position, recorded: '2026-01-01T00:00:00.000Z' });

test('a delivery is added to its trace, whether the trace or the delivery comes first', () => {
  const spans: SpanOptions['attributes'][] = [];
  const startSpan = (_: string, { attributes }: SpanOptions) => (spans.push(attributes), { end: () => undefined });
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) } as unknown as TracerProvider);
  const deliveries = new Deliveries(new Registry());
  deliveries.heard(traces(2));
  deliveries.delivered([change(2), change(3)], 5, 0);
  expect(spans).toEqual([{ position: 2, streams: 5 }]);
  deliveries.heard(traces(3));
  expect(spans).toEqual([
    { position: 2, streams: 5 },
    { position: 3, streams: 5 },
  ]);
  deliveries.heard(traces(3));
  expect(spans).toHaveLength(2);
  trace.disable();
});

import { context, propagation, trace, type Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { EventEmitter } from 'node:events';
import { traceRequests, type Trusts } from './requests.js';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // Our own sampler samples nothing, so every sampled trace came from the caller.
  trace.setGlobalTracerProvider(
    new TracerProvider({ sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) }),
  );
});
afterAll(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

const traceId = 'a'.repeat(31) + '7';
const headers = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };

/** The trace in which a request is handled, and whether it is sampled. */
async function handled(sent: object, trusts?: Trusts) {
  const response = Object.assign(new EventEmitter(), { statusCode: 200, getHeader: () => undefined });
  const request = { method: 'GET', baseUrl: '', headers: sent } as unknown as Request;
  const active = await new Promise<Context>(resolve =>
    traceRequests(trusts)(request, response as unknown as Response, () => resolve(context.active())),
  );
  const span = trace.getSpan(active)!;
  const found = { trace: span.spanContext().traceId, recorded: span.isRecording() };
  response.emit('close');
  return found;
}

describe('a trace that a caller sends', () => {
  test("a caller's trace is continued if the caller is trusted", async () =>
    expect(await handled(headers, async () => true)).toEqual({ trace: traceId, recorded: true }));

  test.each<[string, Trusts | undefined]>([
    ['nobody is trusted', undefined],
    ['the token is not valid', () => Promise.reject(new Error('401'))],
    ['the token is of somebody who is not trusted', async () => false],
  ])("a caller's trace is not continued if %s", async (_, trusts) => {
    const { trace: other, recorded } = await handled(headers, trusts);
    expect([other === traceId, recorded]).toEqual([false, false]);
  });

  test('trust is not checked for a request without a trace', async () => {
    let asked = 0;
    await handled({}, async () => ++asked > 0);
    expect(asked).toBe(0);
  });
});

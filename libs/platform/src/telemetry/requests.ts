import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { ServerResponse } from 'node:http';
import { Histogram, type Registry } from 'prom-client';
import { limitOf, refusalsIn } from './refusals.js';
import { tracer } from './tracing.js';

/** The route's pattern, never the path: labels must not grow with the requests. */
export const routeOf = ({ baseUrl, route }: Request): string =>
  (route as { path?: string } | undefined)?.path ? `${baseUrl}${(route as { path: string }).path}` : 'unmatched';

const isStream = (response: Response) => String(response.getHeader('Content-Type')).startsWith('text/event-stream');

/** Whether the request's token is valid, so that its caller's trace may continue here. */
export type Trusts = (request: Request) => Promise<boolean>;

const durationOfRequests = (registry: Registry) =>
  new Histogram({
    name: 'dateline_http_request_duration_seconds',
    help: 'Time from a request’s arrival to the end of its answer, without streams.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

/** Measures the duration of every request by route and status, except streams; and counts those that a limit refused. */
export function observeRequests(registry: Registry, duration = durationOfRequests(registry)): RequestHandler {
  const refusals = refusalsIn(registry);
  return (request: Request, response: Response, next: NextFunction) => {
    const took = duration.startTimer({ method: request.method });
    response.once('close', () => {
      const limit = limitOf(response);
      if (limit) refusals.inc({ limit });
      if (!isStream(response)) took({ route: routeOf(request), status: response.statusCode });
    });
    next();
  };
}

/** Observes a request that is answered before the app sees it; `began` as of `performance.now()`. */
export type ObserveEarly = (response: ServerResponse, route: string, began: number) => void;

/** As `observeRequests`, with a second function that measures and traces requests that are answered before the app sees them. */
export function observeAllRequests(registry: Registry): {
  readonly inApp: RequestHandler;
  readonly early: ObserveEarly;
} {
  const duration = durationOfRequests(registry);
  // To find the histogram of a route and a status costs more than to count in it.
  const children = new Map<string, { observe(seconds: number): void }>();
  const childOf = (route: string, status: number) => {
    const key = `${status} ${route}`;
    const child = children.get(key) ?? duration.labels({ method: 'GET', route, status });
    children.set(key, child);
    return child;
  };
  const early: ObserveEarly = (response, route, began) => {
    const options = { kind: SpanKind.SERVER, startTime: performance.timeOrigin + began };
    const span = tracer().startSpan(`GET ${route}`, options);
    response.once('close', () => {
      const status = response.statusCode;
      childOf(route, status).observe((performance.now() - began) / 1_000);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      span.end();
    });
  };
  return { inApp: observeRequests(registry, duration), early };
}

/**
 * Gives every request a span: the root of a new trace, sampled by TRACE_RATIO, or part of the caller's trace if `trusts` allows it.
 * Otherwise callers without a token could force sampling.
 */
export const traceRequests =
  (trusts: Trusts = async () => false): RequestHandler =>
  (request, response, next) => {
    const begin = (trusted: boolean) => {
      const parent = trusted ? propagation.extract(context.active(), request.headers) : context.active();
      tracer().startActiveSpan(request.method, { kind: SpanKind.SERVER }, parent, span => {
        response.once('close', () => {
          const route = routeOf(request);
          span.updateName(`${request.method} ${route}`);
          span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
          if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        });
        next();
      });
    };
    if (request.headers.traceparent === undefined) return begin(false);
    trusts(request).then(begin, () => begin(false));
  };

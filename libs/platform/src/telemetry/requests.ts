import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { tracer } from './tracing.js';

/** The route's pattern, never the path: a label must not grow with what is asked for. */
export const routeOf = ({ baseUrl, route }: Request): string =>
  (route as { path?: string } | undefined)?.path ? `${baseUrl}${(route as { path: string }).path}` : 'unmatched';

const isStream = (response: Response) => String(response.getHeader('Content-Type')).startsWith('text/event-stream');

/**
 * Times every request and gives it a span. `trusting`: whether a caller's own trace goes on here, which is for callers
 * that are ours; anyone else could otherwise have everything traced.
 */
export function observeRequests(registry: Registry, { trusting }: { readonly trusting: boolean }): RequestHandler {
  const duration = new Histogram({
    name: 'dateline_http_request_duration_seconds',
    help: 'From a request’s arrival to the end of its answer; streams are left out.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (request: Request, response: Response, next: NextFunction) => {
    const took = duration.startTimer({ method: request.method });
    const parent = trusting ? propagation.extract(context.active(), request.headers) : context.active();
    tracer().startActiveSpan(request.method, { kind: SpanKind.SERVER }, parent, span => {
      response.once('close', () => {
        const route = routeOf(request);
        if (!isStream(response)) took({ route, status: response.statusCode });
        span.updateName(`${request.method} ${route}`);
        span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      next();
    });
  };
}

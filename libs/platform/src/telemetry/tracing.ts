import { context, propagation, trace } from '@opentelemetry/api';
import { z } from 'zod';
import { setting, type SettingsOf } from '../settings.js';

/** The settings of the collector and of sampling. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
    'URL of an OpenTelemetry collector (OTLP over HTTP) for traces. Without it there is no tracing.',
  ),
  TRACE_RATIO: setting(
    z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(1),
    'Share of requests that are traced, from 0 to 1. The editor-api continues the trace of a caller with a valid token.',
  ),
};

/**
 * Sends traces to an OpenTelemetry collector; without OTEL_EXPORTER_OTLP_ENDPOINT nothing is traced and every span is a no-op. Returns
 * a function that flushes the rest when the process ends.
 */
export async function startTracing(
  app: string,
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACE_RATIO: ratio }: SettingsOf<typeof tracingSettings>,
): Promise<() => Promise<void>> {
  if (!endpoint) return () => Promise.resolve();
  // The SDK is 300 files, so load it only where it is used.
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } =
    await import('@opentelemetry/sdk-trace');
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `dateline-${app}`, 'service.namespace': 'dateline' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }), scheduledDelayMillis: 1_000 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown().catch(() => undefined);
}

/** The tracer of all our spans. */
export const tracer = () => trace.getTracer('dateline');

/** The current span as a `traceparent` (W3C Trace Context); undefined if it is not sampled. */
export function traceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  const span = trace.getActiveSpan();
  if (span?.isRecording()) propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** The context of a `traceparent`, to continue its trace. */
export const contextOf = (parent: string) => propagation.extract(context.active(), { traceparent: parent });

/** The channel on which the projector announces the traces of positions: JSON `[{ position, parent }]`. */
export const traceChannel = 'dateline_traces';

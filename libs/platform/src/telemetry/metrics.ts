import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { origin } from '../origin.js';
import { Port, setting } from '../settings.js';
import { print, printableJson } from '../terminal.js';

/** The setting of the port for metrics. */
export const metricsSettings = {
  METRICS_PORT: setting(
    Port.optional(),
    'Port of HOST that serves Prometheus metrics at `/metrics`, and at `/details` the streams and embargoes that the health check only counts. Without it there are no metrics. For the operators’ network only.',
  ),
};

/** Creates a process's metrics, named by Prometheus's rules: base units, and `dateline_` for our own. */
export function metricsOf(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}

type Value = number | undefined;

/** Adds gauges to a registry that compute their value on each scrape; an unknown value has no sample. */
export const gaugesOf =
  (registry: Registry) =>
  (name: string, help: string, value: () => Value | Promise<Value>): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const known = await value();
        if (known === undefined) this.remove();
        else this.set(known);
      },
    });

/** The most items of one kind in `/details`; health counts all of them. */
export const detailEntries = 1_000;

/**
 * Serves `/metrics` on a separate port, which readers need not reach, and prints the address as one line of JSON; does nothing without
 * METRICS_PORT. A failed scrape is a 500 with the reason. `/details` lists what the public health check only counts.
 */
export function serveMetrics(
  registry: Registry,
  { METRICS_PORT, HOST }: { readonly METRICS_PORT: number | undefined; readonly HOST: string },
  details?: () => object,
): Promise<Server | undefined> {
  if (METRICS_PORT === undefined) return Promise.resolve(undefined);
  const server = createServer((request, response) => {
    if (request.url === '/details' && details)
      return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(details()));
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      text => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      (error: Error) => response.writeHead(500, { 'Content-Type': 'text/plain' }).end(error.message),
    );
  });
  // A scraper must not keep a finished process alive.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(METRICS_PORT, HOST, () => {
      const { port } = server.address() as AddressInfo;
      print(printableJson({ metrics: `${origin(HOST, port)}/metrics` }));
      resolve(server);
    });
  });
}

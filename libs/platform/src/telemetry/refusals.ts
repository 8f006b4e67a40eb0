import { Counter, type Registry } from 'prom-client';
import type { Server, ServerResponse } from 'node:http';

/** The limits on clients whose refusals are counted; see docs/limits.md. */
export const limits = ['requests', 'sign-ins', 'writes', 'story-writes', 'streams', 'connections'] as const;
/** The name of a limit. */
export type Limit = (typeof limits)[number];

const name = 'dateline_refused_total';

/** The counter of refusals in a registry. Every limit begins at 0, so that a first refusal is an increase. */
export function refusalsIn(registry: Registry): Counter<'limit'> {
  const known = registry.getSingleMetric(name);
  if (known) return known as Counter<'limit'>;
  const help = 'Requests, streams and connections that were refused because of a limit on clients.';
  const counter = new Counter({ name, help, labelNames: ['limit'], registers: [registry] });
  for (const limit of limits) counter.inc({ limit }, 0);
  return counter;
}

const refusedBy = new WeakMap<ServerResponse, Limit>();

/** Notes which limit refused the request, for the counter of the process. */
export function refuse(response: ServerResponse, limit: Limit): void {
  refusedBy.set(response, limit);
}

/** Which limit refused the request, if one did. */
export const limitOf = (response: ServerResponse): Limit | undefined => refusedBy.get(response);

/** Counts the connections that a server closes at once because it has too many. */
export function countRefusedConnections(server: Server, registry: Registry): void {
  const refusals = refusalsIn(registry);
  server.on('drop', () => refusals.inc({ limit: 'connections' }));
}

import { z } from 'zod';
import { logSettings } from '../logging.js';
import { Allowance, Milliseconds, Port, setting, type SettingsOf } from '../settings.js';
import { metricsSettings } from '../telemetry/metrics.js';
import { tracingSettings } from '../telemetry/tracing.js';

/** Where a process listens. */
export const addressSettings = {
  HOST: setting(z.string().default('127.0.0.1'), 'The address to listen on.'),
  PORT: setting(Port, 'The port to listen on; 0 takes a free one and prints it.'),
};

/** What bounds the clients of every process that serves HTTP. */
export const edgeSettings = {
  TRUSTED_PROXIES: setting(
    z
      .string()
      .transform(text => text.split(',').map(part => part.trim()))
      .pipe(
        z.array(
          z.union(
            [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])],
            'must be addresses, networks such as 10.0.0.0/8, or loopback, linklocal or uniquelocal, joined by commas',
          ),
        ),
      )
      .optional(),
    'Proxies whose X-Forwarded-For is believed when requests are counted by address: addresses or networks, joined by commas; `loopback`, `linklocal`, `uniquelocal` name networks. Without it nobody is believed.',
  ),
  REQUESTS_PER_MINUTE: setting(
    Allowance.default(60_000),
    'Requests that one address may send in a minute, health checks aside; more are answered with 429. 0 for any number. Each process counts for itself.',
  ),
  KEEP_ALIVE_MS: setting(
    Milliseconds.default(75_000),
    'How long a connection that asks nothing stays open, in milliseconds: longer than the load balancer before it keeps its own.',
  ),
  MAX_CONNECTIONS: setting(
    z.coerce.number().int().min(1).default(20_000),
    'How many connections a process takes at once; further ones are closed at once.',
  ),
};
export type EdgeSettings = SettingsOf<typeof edgeSettings>;

/** What every app that serves HTTP is set by. */
export const serving = {
  ...addressSettings,
  ...metricsSettings,
  ...tracingSettings,
  ...logSettings,
  ...edgeSettings,
};

/** Where readers reach the reader-api. */
export const publicUrlSettings = {
  PUBLIC_URL: setting(
    z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .transform(url => url.replace(/\/+$/, ''))
      .optional(),
    'Where readers reach the reader-api, behind whatever stands before it: the desk shows what they see from there. The reader-api needs it where HOST is not loopback, as it believes no Host header. Without it the desk shows the log alone.',
  ),
};

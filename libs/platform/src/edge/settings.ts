import { z } from 'zod';
import { logSettings } from '../logging.js';
import { Allowance, Milliseconds, Port, setting, type SettingsOf } from '../settings.js';
import { metricsSettings } from '../telemetry/metrics.js';
import { tracingSettings } from '../telemetry/tracing.js';

/** The address to listen on. */
export const addressSettings = {
  HOST: setting(z.string().default('127.0.0.1'), 'Address to listen on.'),
  PORT: setting(Port, 'Port to listen on; 0 chooses a free port and prints it.'),
};

/** Limits for the clients of every process that serves HTTP. */
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
    'Proxies whose X-Forwarded-For is trusted when requests are counted by address: addresses or networks, joined by commas; `loopback`, `linklocal`, `uniquelocal` name networks. Default: none is trusted.',
  ),
  REQUESTS_PER_MINUTE: setting(
    Allowance.default(60_000),
    'Maximum number of requests per address and minute, except health checks; more are answered with 429. 0: no limit. Each process counts separately.',
  ),
  HEADERS_TIMEOUT_MS: setting(
    Milliseconds.default(10_000),
    'How long a request’s line and headers may take to arrive, in milliseconds; then the answer is 408 and the connection is closed.',
  ),
  REQUEST_TIMEOUT_MS: setting(
    Milliseconds.default(30_000),
    'How long a whole request may take to arrive, its body included, in milliseconds; then the answer is 408 and the connection is closed.',
  ),
  KEEP_ALIVE_MS: setting(
    Milliseconds.default(75_000),
    'How long an idle connection stays open, in milliseconds. Set it longer than the load balancer’s own idle timeout.',
  ),
  MAX_CONNECTIONS: setting(
    z.coerce.number().int().min(1).default(20_000),
    'Maximum number of open connections per process; more are closed immediately.',
  ),
};
/** How long a client of a stream may read nothing. */
export const streamSettings = {
  SLOW_READER_MS: setting(
    Milliseconds.default(30_000),
    'How long a connection may accept none of an open stream’s data, or of a picture or recording, in milliseconds; then it is closed.',
  ),
};

/** The settings of the edge, as read. */
export type EdgeSettings = SettingsOf<typeof edgeSettings>;

/** Settings of every app that serves HTTP. */
export const serving = {
  ...addressSettings,
  ...metricsSettings,
  ...tracingSettings,
  ...logSettings,
  ...edgeSettings,
};

/** The public address of the reader-api. */
export const publicUrlSettings = {
  PUBLIC_URL: setting(
    z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .transform(url => url.replace(/\/+$/, ''))
      .optional(),
    'Public base URL of the reader-api (outside any proxy); the desk loads what readers see from it. The reader-api requires it if HOST is not loopback, because it trusts no Host header. Without it the desk shows log state only.',
  ),
};

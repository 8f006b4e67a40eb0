import { z } from 'zod';

/** Settings that are wrong or missing, each by its name and what is allowed. */
export class ConfigError extends Error {}

const Port = z.coerce.number().int().min(0).max(65_535);
const Milliseconds = z.coerce.number().int().min(1);

/** The settings that apps share; each app picks the ones it has. Every value comes from the environment. */
export const settings = {
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/, 'must be host:port, several joined by commas')
    .transform(brokers => brokers.split(',')),
  LOG_TOPIC: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,200}$/)
    .default('dateline'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
  HOST: z.string().default('127.0.0.1'),
  PORT: Port,
  /** Where readers reach the reader-api, behind whatever stands before it; without it, as each request names it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .transform(url => url.replace(/\/+$/, ''))
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** How long a command may wait to be settled before it is answered with 202. */
  SETTLE_TIMEOUT_MS: Milliseconds.default(5_000),
  /** Where the newsroom's sign-in publishes its keys; without it a local key of DEV_KEY_FILE signs and verifies. */
  JWKS_URL: z.url().optional(),
  JWT_ISSUER: z.string().default('dateline-dev'),
  JWT_AUDIENCE: z.string().default('dateline'),
  DEV_KEY_FILE: z.string().default('.dateline/dev-key.json'),
  /** How many records the projector applies in one transaction, at most. */
  BATCH_SIZE: z.coerce.number().int().min(1).max(10_000).default(500),
  /** The private key that signs bundles and heads of the log; a key for this machine only where not given. */
  SIGNING_KEY_FILE: z.string().optional(),
  /** Where the projector writes signed heads of the log: a file's path, or a URL that takes them by POST. */
  HEADS_TO: z.string().optional(),
  HEARTBEAT_MS: Milliseconds.default(15_000),
  /** How many changes of a story a reader may have missed and still be sent; past that it loads the timeline again. */
  LIVE_BACKLOG: z.coerce.number().int().min(1).default(1_000),
} as const;

export type Settings = { [Name in keyof typeof settings]: z.infer<(typeof settings)[Name]> };

/** The named settings, read and checked. Throws a ConfigError that names every one that is wrong. */
export function readSettings<Name extends keyof typeof settings>(
  names: readonly Name[],
  env: NodeJS.ProcessEnv = process.env,
): Pick<Settings, Name> {
  const given = Object.fromEntries(names.map(name => [name, env[name] === '' ? undefined : env[name]]));
  const parsed = z.object(Object.fromEntries(names.map(name => [name, settings[name]]))).safeParse(given);
  if (parsed.success) return parsed.data as Pick<Settings, Name>;
  const lines = parsed.error.issues.map(issue => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is not set.` : `${name} is wrong: ${issue.message}.`;
  });
  throw new ConfigError(`These settings need your attention:\n  ${lines.join('\n  ')}`);
}

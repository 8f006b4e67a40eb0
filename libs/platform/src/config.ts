import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Settings that are wrong or missing, each by its name and what is allowed. */
export class ConfigError extends Error {}

const Port = z.coerce.number().int().min(0).max(65_535);
const Milliseconds = z.coerce.number().int().min(1);
const Allowance = z.coerce.number('must be a whole number from 0').int().min(0);

const told = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.meta({ description });

/** The settings that apps share; each app picks the ones it has. Every value comes from the environment. */
export const settings = {
  KAFKA_BROKERS: told(
    z
      .string()
      .regex(/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/, 'must be host:port, several joined by commas')
      .transform(brokers => brokers.split(',')),
    'Brokers of the log: `host:port`, several joined by commas.',
  ),
  LOG_TOPIC: told(
    z
      .string()
      .regex(/^[a-zA-Z0-9._-]{1,200}$/, 'must be 1 to 200 of a-z, A-Z, 0-9, ".", "_", "-"')
      .default('dateline'),
    'The log’s topic; the visibility ledger is in `<LOG_TOPIC>.visible`.',
  ),
  KAFKA_SECURITY_PROTOCOL: told(
    z.enum(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']).default('PLAINTEXT'),
    'How brokers are spoken to, in Kafka’s own terms; the SASL and SSL settings count where it names them.',
  ),
  KAFKA_SASL_MECHANISM: told(
    z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).default('SCRAM-SHA-512'),
    'How we prove to the brokers who we are.',
  ),
  KAFKA_SASL_USERNAME: told(z.string().min(1).optional(), 'Who we are to the brokers.'),
  KAFKA_SASL_PASSWORD: told(z.string().min(1).optional(), 'The password to it.'),
  KAFKA_SSL_CA_FILE: told(
    z.string().optional(),
    'PEM file of who signed the brokers’ certificates, where the system does not know.',
  ),
  KAFKA_SSL_CERT_FILE: told(z.string().optional(), 'PEM file of our certificate, where brokers ask for one.'),
  KAFKA_SSL_KEY_FILE: told(z.string().optional(), 'PEM file of the key to it.'),
  KAFKA_REPLICATION_FACTOR: told(
    z.coerce.number().int().min(1).optional(),
    'How many copies of the log there must be; three keep it when a broker is lost.',
  ),
  KAFKA_ACLS: told(
    z.stringbool().default(false),
    'Whether `prepare` also tells the brokers what editor-api, projector and audit may do there.',
  ),
  DATABASE_URL: told(
    z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
    'The database of the projections.',
  ),
  KEY_STORE: told(
    z
      .url({ protocol: /^(postgres(ql)?|file)$/, error: 'must be a postgres:// URL, or a file:// URL of a folder' })
      .optional(),
    'Where the keys of what developments tell are kept: a postgres:// URL, or the file:// URL of a folder. In DATABASE_URL where not given.',
  ),
  HOST: told(z.string().default('127.0.0.1'), 'The address to listen on.'),
  PORT: told(Port, 'The port to listen on; 0 takes a free one and prints it.'),
  PUBLIC_URL: told(
    z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .transform(url => url.replace(/\/+$/, ''))
      .optional(),
    'Where readers reach the reader-api, behind whatever stands before it: the desk shows what they see from there. The reader-api needs it where HOST is not loopback, as it believes no Host header. Without it the desk shows the log alone.',
  ),
  TRUSTED_PROXIES: told(
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
  REQUESTS_PER_MINUTE: told(
    Allowance.default(60_000),
    'Requests that one address may send in a minute, health checks aside; more are answered with 429. 0 for any number. Each process counts for itself.',
  ),
  FAILED_SIGN_INS_PER_MINUTE: told(
    Allowance.default(600),
    'Tokens that are not valid which one address may send in a minute; then only tokens that were good lately are let pass. 0 for any number.',
  ),
  WRITES_PER_MINUTE: told(
    Allowance.default(1_200),
    'Commands and previews that one person may send in a minute; more are answered with 429. 0 for any number.',
  ),
  KEEP_ALIVE_MS: told(
    Milliseconds.default(75_000),
    'How long a connection that asks nothing stays open, in milliseconds: longer than the load balancer before it keeps its own.',
  ),
  MAX_CONNECTIONS: told(
    z.coerce.number().int().min(1).default(20_000),
    'How many connections a process takes at once; further ones are closed at once.',
  ),
  METRICS_PORT: told(
    Port.optional(),
    'Serves Prometheus metrics at `/metrics` on this port of HOST, and at `/details` the streams and embargoes that health only counts. Without it there are none. For the operators’ network alone.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: told(
    z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
    'An OpenTelemetry collector (OTLP over HTTP) to send traces to. Without it nothing is traced.',
  ),
  TRACE_RATIO: told(
    z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(1),
    'Share of requests that are traced, from 0 to 1; the trace of a caller with a good token goes on in the editor-api.',
  ),
  LOG_LEVEL: told(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'The least severe lines that are logged, as JSON on standard error.',
  ),
  SETTLE_TIMEOUT_MS: told(
    Milliseconds.default(5_000),
    'How long a command may wait to be settled before it is answered with 202, in milliseconds.',
  ),
  EMBARGO_TOLERANCE_MS: told(
    z.coerce.number('must be a whole number from 0').int().min(0).default(500),
    'How far an editor-api’s clock may be ahead, in milliseconds: an embargo lifts so much later than its hour.',
  ),
  AUTH: told(
    z.enum(['jwks', 'dev']).default('jwks'),
    'Whose tokens count: those of the sign-in whose keys are at JWKS_URL, or those of the local key in DEV_KEY_FILE, for one’s own machine alone.',
  ),
  JWKS_URL: told(
    z.url().refine(isSafeForKeys, 'must be an https:// URL; http:// is for this machine alone').optional(),
    'Where the newsroom’s sign-in publishes its keys: https, or http on this machine. Needed unless AUTH is `dev`.',
  ),
  JWKS_MAX_AGE_MS: told(
    z.coerce.number().int().min(1_000).max(600_000).default(60_000),
    'How long the sign-in’s keys are believed without being asked for again, in milliseconds: so long a key that it withdrew may still count.',
  ),
  JWT_ISSUER: told(z.string().default('dateline-dev'), 'Who must have issued a token.'),
  JWT_AUDIENCE: told(z.string().default('dateline'), 'Whom a token must be meant for.'),
  JWT_TYPE: told(
    z.enum(['at+jwt', 'JWT']).default('at+jwt'),
    'The type that a token’s header must say (`typ`, RFC 9068). `JWT` also takes `JWT` and none, for a sign-in that marks its access tokens no further; its ID tokens are refused by their claims.',
  ),
  JWT_MAX_AGE_S: told(
    z.coerce.number().int().min(60).max(604_800).default(43_200),
    'How long a token counts at most, in seconds from when it was issued (`iat`), whatever it says itself.',
  ),
  REVOKED_FILE: told(
    z.string().optional(),
    'JSON file of people whose tokens count no more: by the token’s subject an instant, from which on newly issued ones count again, or null. A change counts within a second.',
  ),
  DEV_KEY_FILE: told(
    z.string().default('.dateline/dev-key.json'),
    'The local signing key of AUTH=dev, made where it is missing. Only its owner may be able to read it.',
  ),
  NODE_ENV: told(
    z.string().optional(),
    '`production` keeps tokens of the local key from being printed. The image sets it.',
  ),
  BATCH_SIZE: told(
    z.coerce.number().int().min(1).max(10_000).default(500),
    'How many records the projector applies in one transaction, at most: those that came during the transaction before.',
  ),
  SIGNING_KEY_FILE: told(
    z.string().optional(),
    'The private key that signs bundles and heads of the log; a key for this machine only where not given.',
  ),
  HEADS_TO: told(
    z.string().optional(),
    'Where the projector writes signed heads of the log: a file’s path, or a URL that takes them by POST.',
  ),
  HEARTBEAT_MS: told(Milliseconds.default(15_000), 'How often an open stream gets a sign of life, in milliseconds.'),
  LIVE_STREAMS: told(
    z.coerce.number().int().min(1).default(10_000),
    'How many readers may follow one process at once; further ones are answered with 503.',
  ),
  LIVE_STREAMS_PER_ADDRESS: told(
    z.coerce.number().int().min(1).default(256),
    'How many of them may come from one address, which readers behind one proxy or one network share: name proxies in TRUSTED_PROXIES.',
  ),
  LIVE_BACKLOG: told(
    z.coerce.number().int().min(1).default(1_000),
    'How many changes of a story a reader may have missed and still be sent; past that it loads the timeline again.',
  ),
  PAST_READS: told(
    z.coerce.number().int().min(1).max(16).default(2),
    'How many reads of the past one process works on at once: each folds a whole story.',
  ),
  PAST_COMMITS: told(
    z.coerce.number().int().min(1).default(10_000),
    'How many commits of a story a read of the past may fold: of a longer story, only its beginning can be asked for.',
  ),
  PAST_QUEUE: told(
    z.coerce.number().int().min(0).max(1_000).default(64),
    'How many more reads of the past may wait for their turn, for five seconds each; the rest get 503 with Retry-After.',
  ),
} as const;

// A hoisted function: the schemas above name it.
/** Whether nobody on the way can put other keys in the place of those that the URL gives. */
function isSafeForKeys(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (/^127(\.\d+){3}$/.test(hostname) || ['localhost', '[::1]'].includes(hostname));
}

/** What every app that serves HTTP is set by. */
export const serving = [
  'HOST',
  'PORT',
  'METRICS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'TRACE_RATIO',
  'LOG_LEVEL',
  'TRUSTED_PROXIES',
  'REQUESTS_PER_MINUTE',
  'KEEP_ALIVE_MS',
  'MAX_CONNECTIONS',
] as const satisfies (keyof typeof settings)[];

/** What an app that takes tokens is set by. */
export const tokenSettings = [
  'AUTH',
  'JWKS_URL',
  'JWKS_MAX_AGE_MS',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_TYPE',
  'JWT_MAX_AGE_S',
  'REVOKED_FILE',
  'DEV_KEY_FILE',
] as const satisfies (keyof typeof settings)[];

export type Settings = { [Name in keyof typeof settings]: z.infer<(typeof settings)[Name]> };

/** What may also be kept in a file, named by the setting's name and `_FILE`, so that it is in no environment. */
const secrets: readonly string[] = ['DATABASE_URL', 'KEY_STORE', 'KAFKA_SASL_PASSWORD'];

/** The named settings, read and checked. Throws a ConfigError that names every one that is wrong. */
export function readSettings<Name extends keyof typeof settings>(
  names: readonly Name[],
  env: NodeJS.ProcessEnv = process.env,
): Pick<Settings, Name> {
  const given = Object.fromEntries(names.map(name => [name, valueOf(name, env)]));
  const parsed = z.object(Object.fromEntries(names.map(name => [name, settings[name]]))).safeParse(given);
  if (parsed.success) return parsed.data as Pick<Settings, Name>;
  const lines = parsed.error.issues.map(issue => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is not set.` : `${name} is wrong: ${issue.message}.`;
  });
  throw new ConfigError(`These settings need your attention:\n  ${lines.join('\n  ')}`);
}

function valueOf(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = secrets.includes(name) ? env[`${name}_FILE`] : undefined;
  if (!file) return env[name] || undefined;
  if (env[name]) throw new ConfigError(`Set ${name} or ${name}_FILE, not both.`);
  return readNamed(`${name}_FILE`, file).trimEnd() || undefined;
}

/** The text of the file that a setting names. */
export function readNamed(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

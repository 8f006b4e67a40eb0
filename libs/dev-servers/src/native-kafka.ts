import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { KAFKA_SETTINGS, signInSettings, type SignInListener } from './server-settings.js';
import { javaCommand } from './native-tools.js';
import { kafkaAnswers } from './ready.js';
import { endOrphan, startServer, untilReady, type ServerSpec } from './process.js';
import { reported } from './report.js';
import type { Place } from './ways.js';

const run = promisify(execFile);
// The fastest start for one small broker; using only the C1 compiler also helps on two cores.
const JVM = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];
const START_LIMIT_MS = 120_000;

/** How to find and stop a broker that an earlier run left. */
export const KAFKA_END = { pidFile: 'kafka.pid', signal: 'SIGTERM' } as const;

/** The paths of Kafka's jars and of its log4j configuration. */
export interface KafkaFiles {
  readonly libs: string;
  readonly log4j: string;
}

/** Starts one Kafka broker as a child process, in KRaft mode, on loopback. */
export async function startKafka(
  place: Place,
  files: KafkaFiles,
  { signIn, port: given }: { readonly signIn?: SignInListener | undefined; readonly port?: number } = {},
): Promise<{ brokers: string; stop(): Promise<void> }> {
  const home = join(place.dir, 'kafka');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await endOrphan(join(place.dir, KAFKA_END.pidFile), KAFKA_END.signal);

  const [port, controllerPort] = [given ?? (await freePort()), await freePort()];
  const properties = join(home, 'server.properties');
  const data = join(home, 'data');
  writeFileSync(properties, asProperties(settingsFor(data, port, controllerPort, signIn)));
  const java = [
    ...JVM,
    `-Dlog4j2.configurationFile=${files.log4j}`,
    `-Ddateline.kafka.logs=${home}`,
    '-cp',
    join(files.libs, '*'),
  ];

  const start = async () => {
    await formatOnce(data, files.libs, java);
    const spec: ServerSpec = {
      name: 'Kafka',
      command: javaCommand(),
      args: [...java, 'kafka.Kafka', properties],
      outputFile: join(home, 'output.log'),
      pidFile: join(place.dir, KAFKA_END.pidFile),
      endSignal: KAFKA_END.signal,
    };
    const server = startServer(spec);
    await untilReady(spec, server, START_LIMIT_MS, () => kafkaAnswers(`127.0.0.1:${port}`));
    return { brokers: `127.0.0.1:${port}`, stop: () => server.stop() };
  };
  return reported(place.report, 'starting Kafka', start());
}

function settingsFor(
  data: string,
  port: number,
  controllerPort: number,
  signIn?: SignInListener,
): Record<string, string> {
  const client = signIn ? `,CLIENT://127.0.0.1:${signIn.port}` : '';
  return {
    ...KAFKA_SETTINGS,
    ...(signIn && signInSettings(signIn, KAFKA_SETTINGS['listener.security.protocol.map']!)),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${client}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${client}`,
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'log.dirs': data,
  };
}

/** Java's properties format, in which a backslash (as in a Windows path) escapes. */
const asProperties = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');

/** What Kafka writes into a data folder last when it formats it: the ids of the cluster and of the folder. */
const IDS = 'meta.properties';

/** Formats the data folder with a cluster id, as Kafka's tool does. The ids are written last, so that an interrupted format is repeated. */
async function formatOnce(data: string, libs: string, java: readonly string[]): Promise<void> {
  if (existsSync(join(data, IDS))) return;
  const formatted = await formattedFolder(libs, java);
  const ids = readFileSync(join(formatted, IDS), 'utf8');
  cpSync(formatted, data, { recursive: true, filter: file => basename(file) !== IDS });
  const draft = join(data, `${IDS}.draft`);
  writeFileSync(draft, ids.replace(/^cluster[.]id=.*$/m, `cluster.id=${newClusterId()}`));
  renameSync(draft, join(data, IDS));
}

/**
 * A folder that Kafka's tool has formatted, once for a checkout, as it takes a second of the processor. Two processes may do so at once: the
 * first to finish wins.
 */
async function formattedFolder(libs: string, java: readonly string[]): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(KAFKA_SETTINGS)).digest('hex');
  const formatted = join(dirname(libs), `formatted-${digest.slice(0, 16)}`);
  if (existsSync(formatted)) return formatted;
  const fresh = mkdtempSync(`${formatted}-`);
  try {
    const [data, properties] = [join(fresh, 'data'), join(fresh, 'server.properties')];
    writeFileSync(properties, asProperties(settingsFor(data, await freePort(), await freePort())));
    const format = ['format', '--standalone', '-t', newClusterId(), '-c', properties];
    await run(javaCommand(), [...java, 'kafka.tools.StorageTool', ...format]);
    renameSync(data, formatted);
  } catch (error) {
    if (!existsSync(formatted)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return formatted;
}

function newClusterId(): string {
  const bytes = randomBytes(16);
  // An id that starts with - would be parsed as an option.
  bytes[0]! &= 0x7f;
  return bytes.toString('base64url');
}

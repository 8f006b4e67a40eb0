import getPort from 'get-port';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from '../harness/client.js';

const run = promisify(execFile);
/** The tag of an image that is built already, where one is named. */
const built = process.env.DATELINE_VERSION;
const version = built ?? 'test';
const commandLimitMs = 1_200_000;

/** The plugin, or the program that was there before it. */
const command =
  spawnSync('docker', ['compose', 'version']).status === 0 ? (['docker', 'compose'] as const) : ['docker-compose'];

// The old builder where the new one is not installed.
const env =
  spawnSync('docker', ['buildx', 'version']).status === 0 ? process.env : { ...process.env, DOCKER_BUILDKIT: '0' };

export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { env, maxBuffer: 64 * 1024 * 1024, timeout: commandLimitMs })).stdout;
}

/** Builds the image that every composition of a test runs, unless DATELINE_VERSION names one; what did not change is not built again. */
export async function buildImage(): Promise<void> {
  if (!built) await docker('build', '--quiet', '--file', 'docker/Dockerfile', '--tag', `dateline:${version}`, '.');
}

/** A newsroom as the compose files say, with a name, ports and volumes of its own. */
export class Composition {
  private constructor(
    readonly project: string,
    private readonly files: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Two checkouts of one machine do not meet. */
  static async of(name: string, ...overlays: string[]): Promise<Composition> {
    const project = `${name}-${createHash('sha256').update(process.cwd()).digest('hex').slice(0, 8)}`;
    const [editor, reader] = [await getPort(), await getPort()];
    const env = {
      COMPOSE_PROJECT_NAME: project,
      DATELINE_VERSION: version,
      EDITOR_PORT: String(editor),
      READER_PORT: String(reader),
      COMPOSE_HTTP_TIMEOUT: '300',
    };
    const files = ['compose', ...overlays].flatMap(name => ['-f', `docker/${name}.yaml`]);
    const composition = new Composition(project, files, { ...process.env, NODE_OPTIONS: '', ...env });
    // A run that was killed may have left some.
    await composition.down();
    return composition;
  }

  async compose(...args: string[]): Promise<string> {
    const [program, ...first] = command as readonly [string, ...string[]];
    const how = { env: this.env, maxBuffer: 64 * 1024 * 1024, timeout: commandLimitMs };
    return (await run(program, [...first, ...this.files, ...args], how)).stdout;
  }

  /** Starts what is named, or all, and waits until editors and readers are served. */
  async up(...services: string[]): Promise<void> {
    await this.compose('up', '-d', '--no-build', ...services);
    if (services.length === 0) await Promise.all([this.ready(this.editorUrl), this.ready(this.readerUrl)]);
  }

  get editorUrl(): string {
    return `http://127.0.0.1:${this.env.EDITOR_PORT}`;
  }

  get readerUrl(): string {
    return `http://127.0.0.1:${this.env.READER_PORT}`;
  }

  get readers(): Client {
    return new Client(this.readerUrl);
  }

  async as(...roles: string[]): Promise<Client> {
    const token = (await this.compose('exec', '-T', 'editor-api', 'dateline', 'token', ...roles)).trim();
    return new Client(this.editorUrl, { Authorization: `Bearer ${token}` });
  }

  async ready(url: string): Promise<void> {
    await until(
      async () => (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(6_000) })).ok,
      `${url} ready`,
    );
  }

  /** The id of a service's container. */
  async container(service: string): Promise<string> {
    return (await this.compose('ps', '-q', service)).trim();
  }

  async on(service: string, act: 'pause' | 'unpause' | 'kill' | 'start'): Promise<void> {
    await docker(act, await this.container(service));
  }

  /** Everything of it goes, its data too. */
  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  }
}

/** Waits until it holds, for four minutes at most; an error is a no. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 240_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`It did not come to be in time: ${what}.`);
    await sleep(200);
  }
}

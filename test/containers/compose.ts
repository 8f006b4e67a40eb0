import { freePort } from '#dev-servers';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runVariable } from '../faults/interrupted.fixture.js';
import { Client } from '../harness/client.js';

const run = promisify(execFile);
/** The tag of an existing image, if one is given. */
const built = process.env.DATELINE_VERSION;
/** The tag of the image in every composition of a test. */
export const version = built ?? 'test';
const commandLimitMs = 1_200_000;

/** The compose plugin, or the older separate program. */
const command =
  spawnSync('docker', ['compose', 'version']).status === 0 ? (['docker', 'compose'] as const) : ['docker-compose'];

// Uses the old builder if the new one is not installed.
const env =
  spawnSync('docker', ['buildx', 'version']).status === 0 ? process.env : { ...process.env, DOCKER_BUILDKIT: '0' };

export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { env, maxBuffer: 64 * 1024 * 1024, timeout: commandLimitMs })).stdout;
}

/**
 * Builds the image of the tests' compositions, unless DATELINE_VERSION names an existing one. Unchanged layers are reused.
 */
export async function buildImage(): Promise<void> {
  if (!built) await docker('build', '--quiet', '--file', 'docker/Dockerfile', '--tag', `dateline:${version}`, '.');
}

/** Whether a test of another run started this run of `npm test`. */
const isInner = process.env[runVariable] !== undefined;

/** Gives each checkout its own names, and other names to a run that a test starts. */
const endingOf = (inner: boolean) =>
  createHash('sha256')
    .update(process.cwd() + (inner ? ' inner' : ''))
    .digest('hex')
    .slice(0, 8);

/** The Docker project name of a composition. */
export const projectOf = (name: string, inner = isInner): string => `${name}-${endingOf(inner)}`;

/** Removes the compositions of this checkout that an interrupted run left behind. */
export async function removeLeft(inner = isInner): Promise<void> {
  const label = 'com.docker.compose.project';
  const words = async (...args: string[]) => (await docker(...args)).split(/\s+/).filter(Boolean);
  const all = await words('ps', '--all', '--format', `{{.Label "${label}"}}`);
  for (const project of new Set(all.filter(name => name.endsWith(endingOf(inner))))) {
    const of = ['--quiet', '--filter', `label=${label}=${project}`];
    const containers = await words('ps', '--all', ...of);
    if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
    for (const what of ['volume', 'network'])
      for (const id of await words(what, 'ls', ...of)) await docker(what, 'rm', id);
  }
}

/** A newsroom from the compose files, with separate names, ports and volumes. */
export class Composition {
  private constructor(
    readonly project: string,
    private readonly files: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async of(name: string, ...overlays: string[]): Promise<Composition> {
    const project = projectOf(name);
    const [editor, reader] = [await freePort(), await freePort()];
    const env = {
      COMPOSE_PROJECT_NAME: project,
      DATELINE_VERSION: version,
      AUTH: 'dev',
      EDITOR_PORT: String(editor),
      READER_PORT: String(reader),
      PUBLIC_URL: `http://127.0.0.1:${reader}`,
      COMPOSE_HTTP_TIMEOUT: '300',
      // In a broker that lives for minutes, optimising its code takes more time than it saves.
      KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m -XX:TieredStopAtLevel=1',
    };
    const files = ['compose', ...overlays].flatMap(name => ['-f', `docker/${name}.yaml`]);
    const composition = new Composition(project, files, { ...process.env, NODE_OPTIONS: '', ...env });
    // A killed run may have left containers behind.
    await composition.down();
    return composition;
  }

  async compose(...args: string[]): Promise<string> {
    const [program, ...first] = command as readonly [string, ...string[]];
    const how = { env: this.env, maxBuffer: 64 * 1024 * 1024, timeout: commandLimitMs };
    return (await run(program, [...first, ...this.files, ...args], how)).stdout;
  }

  /** Runs a command in a service's container. Resolves to its output. */
  async exec(service: string, ...command: string[]): Promise<string> {
    return docker('exec', await this.container(service), ...command);
  }

  /** Runs a script on Node in a service's container, with the app's settings. Resolves to its output, trimmed. */
  async node(service: string, script: string, ...args: string[]): Promise<string> {
    return (await this.exec(service, 'node', '--input-type=module', '-e', script, ...args)).trim();
  }

  /** Starts the named services, or all, and waits until editors and readers are served. */
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
    return new Client(this.editorUrl, { Authorization: `Bearer ${await this.token(...roles)}` });
  }

  private async token(...roles: string[]): Promise<string> {
    return (await this.exec('editor-api', 'dateline', 'token', ...roles)).trim();
  }

  /** Uploads a JPEG for a story, as an editor. */
  async upload(story: string, jpeg: Uint8Array): Promise<{ readonly picture: string; readonly ticket: string }> {
    const headers = { Authorization: `Bearer ${await this.token('editor')}`, 'Content-Type': 'image/jpeg' };
    const body = new Uint8Array(jpeg);
    const answer = await fetch(`${this.editorUrl}/stories/${story}/media`, { method: 'POST', headers, body });
    if (answer.status !== 201) throw new Error(`The upload was answered with ${answer.status}.`);
    return (await answer.json()) as { picture: string; ticket: string };
  }

  async ready(url: string): Promise<void> {
    await until(
      async () => (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(6_000) })).ok,
      `${url} ready`,
    );
  }

  /** The ids of a service's running containers. */
  private async containers(service: string): Promise<string[]> {
    const label = 'label=com.docker.compose';
    const of = ['--filter', `${label}.project=${this.project}`, '--filter', `${label}.service=${service}`];
    // Without this label, finished containers of `compose run` would match too.
    const all = await docker('ps', '--all', '--quiet', '--no-trunc', ...of, '--filter', `${label}.oneoff=False`);
    return all.split('\n').filter(Boolean);
  }

  /** The id of a service's container. */
  async container(service: string): Promise<string> {
    return (await this.containers(service)).join('\n');
  }

  async healthy(...services: string[]): Promise<void> {
    for (const service of services) {
      const health = async () =>
        docker('inspect', '--format', '{{.State.Health.Status}}', await this.container(service));
      await until(async () => (await health()).trim() === 'healthy', `${service} is healthy`);
    }
  }

  /** Starts a second container of each service; resolves to all their ids. */
  async double(...services: string[]): Promise<string[][]> {
    // Compose does not wait for a dependency that was unhealthy a moment ago.
    await this.healthy('kafka', 'postgres');
    const first = await freePort();
    const ports = { READER_PORT: `${first}-${first + 1}`, PUBLIC_URL: `http://127.0.0.1:${first}` };
    const doubled = new Composition(this.project, this.files, { ...this.env, ...ports });
    await doubled.compose('up', '-d', '--no-build', ...services.flatMap(name => ['--scale', `${name}=2`]));
    // The editor-api knows the readers' address, so compose has replaced it.
    await this.ready(this.editorUrl);
    return Promise.all(services.map(async name => (await doubled.container(name)).split('\n')));
  }

  async on(service: string, act: 'pause' | 'unpause' | 'kill' | 'start'): Promise<void> {
    await docker(act, await this.container(service));
  }

  /** Removes the composition and its data. */
  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  }
}

/** Waits until the condition is true, for at most four minutes. An error counts as false. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 240_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`Timed out; expected: ${what}.`);
    await sleep(200);
  }
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#checkout';
import { freePort } from './free-port.js';
import { ProvisioningError } from './errors.js';
import { claimThrowAway } from './folder.js';
import { lackedByGo, recentGo } from './go.js';
import { livingFrom, writeIdentity } from './identity.js';
import { startServer, untilReady, type ServerSpec } from './process.js';
import { reported, type Report } from './report.js';

/** The name of the cache folder; docker/versitygw/go.mod must name the same version. */
const VERSITYGW = 'versitygw-1.8.0';
const PROGRAM = 'github.com/versity/versitygw/cmd/versitygw';
const START_LIMIT_MS = 30_000;
const ANSWER_LIMIT_MS = 3_000;

/** How to find and stop a server that an earlier run left. */
export const S3_END = { pidFile: 'versitygw.pid', signal: 'SIGTERM' } as const;

/** A running S3 server with one empty bucket. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  /** What the AWS SDK reads from the environment. */
  readonly env: {
    readonly AWS_ACCESS_KEY_ID: string;
    readonly AWS_SECRET_ACCESS_KEY: string;
    readonly AWS_REGION: string;
  };
  /** Where the server keeps the bucket: object `a/b` is the file `a/b` in it. */
  readonly folder: string;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

const programFile = () => join(projectRoot(), '.dateline', VERSITYGW, 'versitygw');

/** What is missing to run the S3 server; undefined if nothing is. */
export function lackedByS3(): string | undefined {
  if (process.platform === 'win32') return 'versitygw does not run on Windows';
  if (existsSync(programFile())) return undefined;
  const lacked = lackedByGo();
  return lacked && `the S3 server versitygw is built once by Go: ${lacked}`;
}

/** Starts versitygw on loopback with throw-away data, after building it if this checkout has not done so. */
export async function startS3(report: Report): Promise<S3Server> {
  const program = programFile();
  await buildOnce(program, report);
  const held = claimThrowAway();
  const [data, attributes] = [join(held.dir, 'data'), join(held.dir, 'attributes')];
  const bucket = 'blobs';
  // In this server a bucket is a folder.
  for (const folder of [join(data, bucket), attributes]) mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const env = {
    AWS_ACCESS_KEY_ID: 'dateline',
    AWS_SECRET_ACCESS_KEY: randomBytes(24).toString('hex'),
    AWS_REGION: 'us-east-1',
  };
  const spec: ServerSpec = {
    name: 'versitygw',
    command: program,
    // Attributes in files: not every file system of a container has extended attributes.
    args: ['--port', `127.0.0.1:${port}`, '--keep-alive', 'posix', '--sidecar', attributes, data],
    env: { ROOT_ACCESS_KEY: env.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: env.AWS_SECRET_ACCESS_KEY },
    outputFile: join(held.dir, 'versitygw.log'),
    pidFile: join(held.dir, S3_END.pidFile),
    endSignal: S3_END.signal,
  };
  const server = startServer(spec);
  try {
    // Without a signature it answers 403, which is an answer.
    await untilReady(spec, server, START_LIMIT_MS, () =>
      fetch(endpoint, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }),
    );
  } catch (error) {
    held.release();
    throw error;
  }
  const stop = async () => {
    await server.stop();
    held.release();
  };
  return { endpoint, bucket, env, folder: join(data, bucket), stop };
}

/** Builds the program unless this checkout has it. While another process builds it, waits: a first build takes two cores two minutes. */
async function buildOnce(program: string, report: Report): Promise<void> {
  const home = dirname(program);
  const builder = `${home}.builder.json`;
  while (!existsSync(program) && livingFrom(builder)) await sleep(200);
  if (existsSync(program)) return;
  mkdirSync(dirname(home), { recursive: true });
  writeIdentity(builder, process.pid);
  const fresh = mkdtempSync(`${home}-`);
  try {
    await reported(report, 'building versitygw by Go (once)', build(join(fresh, 'versitygw')));
    renameSync(fresh, home);
  } catch (error) {
    if (!existsSync(program)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(builder, { force: true });
  }
}

/** The tests ask little of the server, and optimizing takes a third of the time that Go needs to build it. */
const withoutOptimizing = ['-gcflags', 'all=-N -l'];

async function build(output: string): Promise<void> {
  const go = await recentGo();
  return new Promise((resolve, reject) => {
    const args = [
      'build',
      '-mod=readonly',
      '-buildvcs=false',
      ...withoutOptimizing,
      '-ldflags',
      '-s -w',
      '-o',
      output,
      PROGRAM,
    ];
    const cwd = join(projectRoot(), 'docker', 'versitygw');
    const child = spawn(go, args, {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, GOTOOLCHAIN: 'local' },
    });
    let said = '';
    child.stderr.on('data', chunk => (said += chunk));
    child.on('error', reject);
    child.on('close', code => {
      const hint = 'Is the Go module proxy reachable? Run the same command again.';
      if (code === 0) resolve();
      else
        reject(
          new ProvisioningError(
            'start-failed',
            `Go could not build versitygw (exit code ${code}):\n${said.trimEnd().slice(-2_000)}\n${hint}`,
          ),
        );
    });
  });
}

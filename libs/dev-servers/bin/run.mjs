#!/usr/bin/env node
// The first step of `npm start`, `npm test` and `npm run audit`. Needs only Node 18 and npm, and provides the rest: Node 24 if the
// host's is older, the packages, the build. Then it starts the compiled program.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, install } from './stages.mjs';
import { exclusively } from './lock.mjs';
import { chooseNode, environmentFor } from './node24.mjs';
import { Problem } from './progress.mjs';
import { withoutStarted } from './started.mjs';

const programs = {
  start: 'dist/apps/demo/src/main.js',
  test: 'dist/test/run.js',
  audit: 'dist/apps/audit/src/main.js',
  follow: 'dist/libs/client/examples/follow.js',
  screens: 'dist/test/screens.js',
  'desk-speed': 'dist/test/desk-speed.js',
  freeze: 'dist/test/frozen/freeze.js',
  drill: 'dist/test/drill.js',
  bench: 'dist/test/bench/run.js',
  faults: 'dist/test/faults/run.js',
};
// Programs that are short on purpose and have no options; the others answer --help themselves.
const usages = {
  follow: `npm run follow -- STORY [ADDRESS]   print a story’s changes live, as readers see them, until Ctrl-C
npm run follow -- --help            print this help

ADDRESS is a reader API. Default: READERS from the environment (see .dateline/env), or http://127.0.0.1:4801.`,
};
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 18) {
    throw new Problem(`Node ${process.versions.node} is too old. Install Node 18 or newer (24 is best).`);
  }
  mkdirSync(join(root, '.dateline'), { recursive: true });
  return exclusively(join(root, '.dateline', 'preparing'), async () => {
    const node = await chooseNode(root);
    // Node keeps what it compiled, and starts each of our many processes about a third sooner.
    const env = { ...environmentFor(node), NODE_COMPILE_CACHE: join(root, '.dateline', 'compile-cache') };
    await install(root, env);
    await build(root, node, env);
    return { node, env };
  });
}

/** Runs the program in our place: it uses our terminal, and we exit with its status. */
function handOver(node, program, args, env) {
  const child = spawn(node, ['--enable-source-maps', program, ...args], { cwd: root, env, stdio: 'inherit' });
  const forwarded = new Set();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group, so the child has received it and is cleaning up.
      const givenByTerminal = signal === 'SIGINT' && process.stdin.isTTY;
      if (!givenByTerminal && !forwarded.has(signal)) child.kill(signal);
      forwarded.add(signal);
    });
  }
  child.on('error', error => fail(new Problem(`${node} cannot be run: ${error.message}`)));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(error) {
  console.error(error instanceof Problem ? `\n${error.message}` : error);
  process.exit(1);
}

async function main([mode, ...args]) {
  const program = programs[mode];
  if (!program) throw new Problem(`usage: run.mjs ${Object.keys(programs).join('|')} [arguments]`);
  const usage = usages[mode];
  if (usage && args.some(argument => argument.startsWith('-'))) {
    const helped = args.every(argument => ['-h', '--help'].includes(argument));
    if (!helped) throw new Problem(`${args.join(' ')}: unknown option.\n\n${usage}`);
    return console.log(usage);
  }
  const { node, env } = await prepare();
  if (!existsSync(join(root, program)))
    throw new Problem(`The build did not produce ${program}: its source is missing.`);
  // Only an audit is of the newsroom that .dateline/env names.
  handOver(node, program, args, mode === 'audit' ? env : withoutStarted(env));
}

main(process.argv.slice(2)).catch(fail);

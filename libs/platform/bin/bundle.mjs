#!/usr/bin/env node
// Puts each compiled program and the packages that it uses into one file, in place of its main.js. Node then reads one file instead of two
// thousand, and starts an app with about half of the work.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const apps = ['audit', 'editor-api', 'fetcher', 'prepare', 'projector', 'reader-api'];
/** One of these is started for each picture, and for each recording. */
const workers = ['pictures', 'recordings'];

/** These have compiled programs or files beside their code. */
const withFiles = ['@contentauth/c2pa-wasm', 'lmdb', 'oembed-providers', 'sharp', 'swagger-ui-dist'];
/** Other packages ask for these only if they are installed, or only for what we do not use. */
const optional = [
  '@fastify/static',
  '@nestjs/microservices',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  'pg-native',
  'pino-pretty',
  'prettier',
  'typescript',
];

const inModule = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;`;

/**
 * Pino looks up which files called it, for its transports, which we do not use. Where a source map names the files, Node reads the whole
 * map: a third of the work of an app's start, and 100 MB of memory from then on. The compiled files' names will do.
 */
const callersAsCompiled = {
  name: 'callers-as-compiled',
  setup({ onLoad, onEnd }) {
    let found = false;
    onLoad({ filter: /[\\/]pino[\\/]lib[\\/]caller[.]js$/ }, () => {
      found = true;
      return {
        contents: `const { getCallSites } = require('node:util');
          module.exports = () => getCallSites({ sourceMap: false }).slice(2).map(({ scriptName }) => scriptName);`,
      };
    });
    onEnd(() => (found ? {} : { errors: [{ text: 'pino has no lib/caller.js any more: see callersAsCompiled.' }] }));
  },
};

const compiled = path => join(root, 'dist', path, 'main.js');
const programs = [
  ...apps.map(app => compiled(`apps/${app}/src`)),
  ...workers.map(lib => compiled(`libs/${lib}/src/worker`)),
];

await build({
  absWorkingDir: root,
  entryPoints: programs,
  outdir: join(root, 'dist'),
  outbase: join(root, 'dist'),
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: inModule },
  plugins: [callersAsCompiled],
  external: [...withFiles, ...optional.flatMap(one => [one, `${one}/*`])],
  // Nest shows the names of classes, in its documents too.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});

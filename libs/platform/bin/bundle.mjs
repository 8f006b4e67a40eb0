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
  external: [...withFiles, ...optional.flatMap(one => [one, `${one}/*`])],
  // Nest shows the names of classes, in its documents too.
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});

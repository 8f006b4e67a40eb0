#!/usr/bin/env node
// Puts each compiled app and the packages that it uses into one file, in place of its main.js. Node then reads one file instead of two
// thousand, and starts the app with about half of the work.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const apps = ['audit', 'editor-api', 'fetcher', 'prepare', 'projector', 'reader-api'];

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

const compiled = name => join(root, 'dist', 'apps', name, 'src', 'main.js');

await Promise.all(
  apps.map(name =>
    build({
      absWorkingDir: root,
      entryPoints: [compiled(name)],
      outfile: compiled(name),
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
    }),
  ),
);

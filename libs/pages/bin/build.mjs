#!/usr/bin/env node
// Bundles the browser code into dist/pages, with the content's hash in the names, and lists the names in a manifest. Beside each bundle is
// a copy that is compressed as far as Brotli can, which takes too long while a reader waits.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries } from '../entries.mjs';
import { embedded } from './embed-css.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const outdir = join(root, 'dist', 'pages');

const integrity = file => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;

/** The style sheets of what other sites embed are ours, changed. */
const forEmbeds = {
  name: 'embeds',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[.]css$/ }, async ({ path }) => ({
      contents: embedded(await readFile(path, 'utf8'), basename(path)),
      loader: 'css',
    })),
};

rmSync(outdir, { recursive: true, force: true });
const usual = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
  conditions: ['dateline'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.woff2': 'file' },
  entryNames: '[name].[hash]',
  assetNames: '[name].[hash]',
  publicPath: '/assets',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};
const { 'embed-style': embedStyle, ...ours } = entries;
const { metafile } = await build({ ...usual, entryPoints: ours });
const { metafile: embeds } = await build({
  ...usual,
  entryPoints: { 'embed-style': embedStyle },
  plugins: [forEmbeds],
});
const outputs = { ...metafile.outputs, ...embeds.outputs };

const names = new Map(Object.entries(entries).map(([name, source]) => [source, name]));
const built = Object.entries(outputs)
  .filter(([, { entryPoint }]) => names.has(entryPoint))
  .map(([path, { entryPoint }]) => {
    const file = basename(path);
    return [names.get(entryPoint), { file, integrity: integrity(join(outdir, file)) }];
  });
for (const path of Object.keys(outputs).filter(path => /[.](js|css)$/.test(path)))
  writeFileSync(join(root, `${path}.br`), brotliCompressSync(readFileSync(join(root, path))));
writeFileSync(join(outdir, 'manifest.json'), JSON.stringify(Object.fromEntries(built), null, 2));

#!/usr/bin/env node
// Compiles apps, libs and test, each file alone, to the same path under dist/. It does not check types: `npm run lint` does, and takes
// twenty times as long.
import { mkdir, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

/** As tsconfig.json says. */
const compilerOptions = tsx => ({
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', tsx, decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
  },
  module: { type: 'es6' },
});

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const sources = globSync('{apps,libs,test}/**/*.{ts,tsx}', { cwd: root, exclude: ['**/*.d.ts'] });

await Promise.all(
  sources.map(async source => {
    const compiled = join(root, 'dist', source.replace(/[.]tsx?$/, '.js'));
    const { code, map } = await transformFile(join(root, source), {
      ...compilerOptions(source.endsWith('x')),
      swcrc: false,
      sourceMaps: true,
      sourceFileName: relative(dirname(compiled), join(root, source)),
      inlineSourcesContent: false,
    });
    await mkdir(dirname(compiled), { recursive: true });
    await writeFile(compiled, `${code}//# sourceMappingURL=${basename(compiled)}.map\n`);
    await writeFile(`${compiled}.map`, map);
  }),
);

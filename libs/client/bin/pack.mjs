#!/usr/bin/env node
// Builds the package of the client, which others install: one module for browsers and Node, and its types. Both are complete: the types of the contract,
// which here follow from schemas, are written out, so that a project that installs the package needs neither the schemas nor their library.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const source = join(root, 'libs', 'client', 'src');
const out = process.argv[2] ?? join(root, 'dist', 'client');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await build({
  absWorkingDir: root,
  entryPoints: { index: join(source, 'index.ts') },
  outdir: out,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  conditions: ['dateline'],
  legalComments: 'none',
  logLevel: 'warning',
});

const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
  },
});
const program = ts.createProgram([join(source, 'index.ts')], {
  ...config.options,
  ...{ declaration: true, emitDeclarationOnly: true, incremental: false, tsBuildInfoFile: undefined, sourceMap: false },
});

/** The names that the client's types use of the contract. */
const used = new Set();
const fromContract = /from ['"]#contract['"]/g;
program.emit(undefined, (file, text) => {
  if (!file.includes(join('libs', 'client'))) return;
  for (const [, names] of text.matchAll(/import type [{]([^}]*)[}] from ['"]#contract['"]/g))
    for (const name of names.split(',')) if (name.trim()) used.add(name.trim().replace(/^type /, ''));
  writeFileSync(join(out, basename(file)), text.replace(fromContract, "from './contract.js'"));
});

const checker = program.getTypeChecker();
const contract = program.getSourceFile(join(root, 'libs', 'contract', 'src', 'index.ts'));
const exported = new Map(
  checker.getExportsOfModule(checker.getSymbolAtLocation(contract)).map(symbol => [symbol.name, symbol]),
);
const flags =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.UseSingleQuotesForStringLiteralType;
const printer = ts.createPrinter();
const lines = [...used].sort().map(name => {
  const symbol = exported.get(name);
  if (!symbol) throw new Error(`libs/contract exports no type ${name}.`);
  const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const node = checker.typeToTypeNode(checker.getDeclaredTypeOfSymbol(declared), undefined, flags);
  return `export type ${name} = ${printer.printNode(ts.EmitHint.Unspecified, node, contract)};`;
});
const types = `// The answers of the reader-api.\n${lines.join('\n')}\n`;
if (/\bimport\(|\bz\./.test(types))
  throw new Error('A type of the contract names another library: it cannot be written out.');
writeFileSync(join(out, 'contract.d.ts'), types);

for (const file of ['package.json', 'README.md'])
  cpSync(join(root, 'libs', 'client', 'publish', file), join(out, file));
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
console.log(`${JSON.parse(readFileSync(join(out, 'package.json'), 'utf8')).name}: ${out}`);

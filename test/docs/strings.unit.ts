import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { anyOf, riddles } from './riddles.js';

/** "told" is the name of a field in the log. A text must say "shown", "sent" or "recorded" instead. */
const riddle = anyOf([...riddles, 'told']);

const isTest = /\.(unit|int|e2e|containers|fixture)\.tsx?$|\.spec-helper\.ts$|\/testing\//;
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name));
/** Programs outside apps and libs whose texts people read as well. */
const programs = ['test/run.ts', 'test/drill.ts', 'test/options.ts', 'test/screens.ts'];

const sources = ['apps', 'libs']
  .flatMap(side => readdirSync(side).map(name => join(side, name)))
  .flatMap(filesIn)
  .concat(filesIn('docker'), programs)
  .filter(file => /\.(ts|tsx|mjs)$/.test(file) && !/\/(node_modules|dist)\//.test(file) && !isTest.test(file));

/** All comments in a program or in SQL. Migrations never change, so the test skips their comments. */
function commentsOf(file: string): { line: number; text: string }[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((text, index) => ({ line: index + 1, text }));
  return lines.filter(({ text }) => /^\s*(\/\/|\/?\*|--)/.test(text));
}

/** All texts in a file: string literals, parts of templates, and texts of JSX elements. */
function textsOf(file: string): { line: number; text: string }[] {
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, kind);
  const texts: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isJsxText(node) || isPiece(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      texts.push({ line: line + 1, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A text without a space is a name of a field, a class or a file.
  return texts.filter(({ text }) => /\S\s+\S/.test(text));
}

function isPiece(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

test('no text of the product has a phrase from the list of riddles', () => {
  const found = sources.flatMap(file =>
    textsOf(file).flatMap(({ line, text }) => (text.match(riddle) ?? []).map(phrase => `${file}:${line}: ${phrase}`)),
  );
  expect(sources.length).toBeGreaterThan(400);
  expect(found).toEqual([]);
});

test('no comment of the product has a phrase from the list of riddles', () => {
  const sql = filesIn('libs').filter(file => file.endsWith('.sql') && !/\/migrations\//.test(file));
  const styles = [...filesIn('apps'), ...filesIn('libs')].filter(file => /\/src\/.*\.css$/.test(file));
  const found = [...sources, ...sql, ...styles].flatMap(file =>
    commentsOf(file).flatMap(({ line, text }) =>
      (text.match(anyOf(riddles)) ?? []).map(phrase => `${file}:${line}: ${phrase}`),
    ),
  );
  expect(sql.length).toBeGreaterThan(5);
  expect(styles.length).toBeGreaterThan(3);
  expect(found).toEqual([]);
});

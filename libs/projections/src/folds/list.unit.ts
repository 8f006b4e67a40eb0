import { expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projections } from './list.js';

test('every folder that holds a projection is listed, and its tables’ names are its own', () => {
  const folders = readdirSync(import.meta.dirname).filter(name =>
    existsSync(join(import.meta.dirname, name, 'projection.ts')),
  );
  expect(projections.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  const tables = projections.flatMap(projection => Object.keys(projection.tables));
  expect(new Set(tables).size).toBe(tables.length);
});

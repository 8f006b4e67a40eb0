import { expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projections } from './list.js';

test('every folder with a projection is in the list, and no two projections have a table of the same name', () => {
  const folders = readdirSync(import.meta.dirname).filter(name =>
    existsSync(join(import.meta.dirname, name, 'projection.js')),
  );
  expect(projections.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  const tables = projections.flatMap(projection => Object.keys(projection.tables));
  expect(new Set(tables).size).toBe(tables.length);
});

import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { wording } from './wording.js';

const wordsFor = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues.map(wording);

test.each<[string, z.ZodType, unknown, string]>([
  ['a field left out', z.string(), undefined, 'is missing; it must be a text'],
  ['a field of another type', z.array(z.string()), 'x', 'must be a list'],
  ['a value that there is not', z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  ['the only value that there is', z.literal('a'), 'b', 'must be a'],
  ['a text that is too long', z.string().max(2), 'abc', 'must have at most 2 characters'],
  ['a list that is too short', z.array(z.string()).min(1), [], 'must have at least 1 entries'],
  ['an id that is none', z.uuid(), 'abc', 'must be a UUID'],
  ['what has words of its own', z.string('must be told'), undefined, 'must be told'],
  ['a rule of its own', z.string().regex(/^a/, 'must begin with an a'), 'b', 'must begin with an a'],
])('%s is told as what the field must be', (_what, schema, value, words) =>
  expect(wordsFor(schema, value)).toEqual([words]),
);

test('what zod alone has words for keeps them', () =>
  expect(wordsFor(z.number().max(2), 3)).toEqual(['Too big: expected number to be <=2']));

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ActorRef, actorsIn } from '../references.js';
import { catalogue, kindNamed } from './index.js';
import { facets, headlineLimit } from './kind.js';
import { anyText } from '../../../../test/harness/any-text.js';

const names = ['ada', 'ben', 'cleo', 'dov', 'eve'];
const slugs = fc.constantFrom('talks', 'sanctions', 'north-harbour-2');
const plain = fc.lorem({ maxCount: 60, mode: 'words' });
const odd = anyText({ minLength: 1, maxLength: 400 });
const breaks = fc.constantFrom(' two\nlines ', '😀'.repeat(150), 'x'.repeat(300), '\u2028a\u2028', '“said”');

/** Generates data of a kind from its schema, so that a new kind is tested without a line here. */
function valid(schema: z.ZodType): fc.Arbitrary<unknown> {
  // Only a check can refuse what has the right shape.
  return schema._zod.def.checks?.length
    ? shape(schema).filter(value => schema.safeParse(value).success)
    : shape(schema);
}

function shape(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema === (ActorRef as z.ZodType)) return fc.constantFrom(...names);
  if (schema instanceof z.ZodOptional) return fc.option(valid(schema.unwrap() as z.ZodType), { nil: undefined });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodNumber && schema.format === 'safeint')
    return fc.oneof(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 10_000_000_000 }));
  if (schema instanceof z.ZodNumber) return fc.double({ min: 0, max: 100, noNaN: true, noDefaultInfinity: true });
  if (schema instanceof z.ZodArray) return fc.array(valid(schema.element as z.ZodType), { minLength: 1, maxLength: 8 });
  if (schema instanceof z.ZodObject)
    return fc.record(
      Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => [key, valid(field as z.ZodType)])),
    );
  if (schema instanceof z.ZodString) return fc.oneof(slugs, plain, odd, breaks);
  throw new Error(`No arbitrary for ${schema.constructor.name}: add one here.`);
}

const name = (actor: string) => `The ${actor}`;

describe('the catalogue', () => {
  test('the catalogue holds each kind of the design once and finds it by name', () => {
    const kinds = catalogue.map(entry => entry.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toEqual(expect.arrayContaining(theDesigns));
    for (const entry of catalogue) expect(kindNamed(entry.kind)).toBe(entry);
    expect(kindNamed('rumour')).toBeUndefined();
  });

  describe.each(catalogue.map(entry => [entry.kind, entry] as const))('%s', (_, entry) => {
    const data = valid(entry.schema) as fc.Arbitrary<z.infer<typeof entry.schema>>;
    // Drawn once for all these tests, because drawing takes much longer than testing.
    const drawn = fc.sample(data, 200);
    const holds = (property: (data: z.infer<typeof entry.schema>) => void) => {
      for (const one of drawn)
        try {
          property(one);
        } catch (error) {
          throw new Error(`It does not hold for ${JSON.stringify(one)}`, { cause: error });
        }
    };

    test('every actor that the data names gets a mark, and no other actor does', () =>
      holds(data => {
        const marked = new Set(entry.marks(data).map(mark => mark.actor));
        expect([...marked].sort()).toEqual(actorsIn(entry.schema, data).sort());
      }));

    test('the marks of the same data are always the same, and computing them does not change the data', () =>
      holds(data => {
        const before = structuredClone(data);
        const marks = entry.marks(data);
        expect(entry.marks(data)).toEqual(marks);
        expect(entry.marks(structuredClone(data))).toEqual(marks);
        expect(data).toEqual(before);
      }));

    test('every mark has a known facet, and a value that survives JSON', () =>
      holds(data => {
        const marks = entry.marks(data);
        expect(JSON.parse(JSON.stringify(marks))).toEqual(marks);
        for (const { facet, value } of marks) {
          expect(facets).toContain(facet);
          expect(JSON.stringify(value)).not.toBe('{}');
        }
      }));

    test('the headline is one line of well-formed Unicode, neither empty nor too long', () =>
      holds(data => {
        const headline = entry.headline(data, name);
        expect(headline).toMatch(/\S/);
        expect(headline).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(headline).not.toMatch(/undefined|\[object/);
        expect(headline.length).toBeLessThanOrEqual(headlineLimit);
        expect(headline.isWellFormed()).toBe(true);
      }));

    test('each text line is one line of well-formed Unicode and not empty', () =>
      holds(data => {
        for (const line of entry.lines?.(data, name) ?? []) {
          expect(line).toMatch(/\S/);
          expect(line).not.toMatch(/[\r\n\u2028\u2029]|undefined|\[object/);
          expect(line.isWellFormed()).toBe(true);
        }
      }));

    test('valid data survive JSON and the schema unchanged', () =>
      holds(data => expect(entry.schema.parse(JSON.parse(JSON.stringify(data)))).toEqual(data)));

    test('an unknown field is refused', () =>
      holds(data => expect(entry.schema.safeParse({ ...data, colour: 'red' }).success).toBe(false)));
  });
});

const theDesigns = [
  'update',
  'result',
  'decision',
  'incident',
  'score',
  'arrival',
  'departure',
  'ceremony',
  'meeting-scheduled',
  'meeting-format-changed',
  'delegation-named',
  'statement',
  'position',
  'demand',
  'warning',
  'reaction',
  'proposal',
  'market-move',
  'scenario',
  'obstacle',
  'outcome',
  'context',
];

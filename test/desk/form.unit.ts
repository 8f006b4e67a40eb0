import { ActorRef, catalogue, Content, modes, precisions } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { catalogueForForms } from '../../apps/editor-api/src/reads/catalogue.js';
import { fieldsOf, formOf, labelOf, type Field, type Schema } from '../../apps/desk/src/form-model/fields.js';
import { at, filledIn, put, without, type Path, type Value } from '../../apps/desk/src/form-model/values.js';

const { content, actor, kinds, acts } = catalogueForForms();
const formFor = (kind: string) => formOf(content as Schema, kind)!;

/** An editor's possible input for a field: one of a few valid values for its type, or none. */
function entry(field: Field): fc.Arbitrary<Value> {
  const text = fc.constantFrom('The talks go on', 'Anchorage', '“No.”', 'ein Wort', 'x'.repeat(30));
  const filled = ((): fc.Arbitrary<Value> => {
    switch (field.type) {
      case 'line':
      case 'text':
        return text;
      case 'slug':
        return fc.constantFrom('talks', 'north-harbour-2');
      case 'number':
        return field.whole ? fc.nat({ max: 3 }) : fc.constantFrom(1, 2.5);
      case 'choice':
        return fc.constantFrom(...field.options);
      case 'choices':
        return fc.subarray([...field.options]);
      case 'actor':
        return fc.constantFrom('ada', 'ben', 'Her Honour');
      case 'actors':
        return fc.array(fc.constantFrom('ada', 'ben', 'cleo'), {
          minLength: Math.max(1, field.min),
          maxLength: Math.min(field.max, 3),
        });
      case 'lines':
        return fc.array(text, { minLength: 1, maxLength: 3 });
      case 'instant':
        return fc.constant('2026-01-31T09:00:00-09:00');
      case 'development':
        return fc.uuid();
      case 'occurred':
        return fc.constant({ from: '2026-01-31T09:00:00-09:00', precision: 'minute' });
      case 'group':
        return entries(field.fields);
      case 'list':
        return fc.array(entries(field.fields), {
          minLength: Math.max(1, field.min),
          maxLength: Math.min(field.max, 3),
        });
    }
  })();
  return field.required ? filled : fc.option(filled, { nil: undefined, freq: 2 });
}

const entries = (fields: readonly Field[]): fc.Arbitrary<Value> =>
  fc.record(Object.fromEntries(fields.map(field => [field.name, entry(field)])));

/** All paths with a value. */
function leaves(value: Value, path: Path = []): Path[] {
  if (typeof value !== 'object') return value === undefined ? [] : [path];
  return Object.entries(value).flatMap(([step, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(step) : step]),
  );
}

/** The field for the value at this path. */
function fieldAt(fields: readonly Field[], [step, ...rest]: Path): Field | undefined {
  const field = fields.find(({ name }) => name === step);
  if (field?.type === 'group' && rest.length > 0) return fieldAt(field.fields, rest);
  if (field?.type === 'list' && rest.length > 1) return fieldAt(field.fields, rest.slice(1));
  return field;
}

/** Valid data of a kind, generated from the zod schema and not from the form. */
function valid(schema: z.ZodType): fc.Arbitrary<unknown> {
  const shape = (): fc.Arbitrary<unknown> => {
    if (schema === (ActorRef as z.ZodType)) return fc.constantFrom('ada', 'ben');
    if (schema instanceof z.ZodOptional) return fc.option(valid(schema.unwrap() as z.ZodType), { nil: undefined });
    if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
    if (schema instanceof z.ZodNumber) return fc.constantFrom(1, 2.5);
    if (schema instanceof z.ZodArray)
      return fc.array(valid(schema.element as z.ZodType), { minLength: 1, maxLength: 3 });
    if (schema instanceof z.ZodObject)
      return fc.record(
        Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => [key, valid(field as z.ZodType)])),
      );
    return fc.constantFrom('talks', 'The talks go on');
  };
  return shape().filter(value => schema.safeParse(value).success);
}

const sourcing = { basis: 'desk', standing: 'reported' };
const around = (kind: string, data: unknown) => {
  const [mode] = kinds.find(entry => entry.kind === kind)!.modes;
  const modality = mode === 'conditional' ? { mode, conditions: [{ id: 'it', text: 'it is so' }] } : { mode };
  return { kind, data: data ?? {}, body: 'So it is.', occurred: { precision: 'unknown' }, sourcing, modality };
};

describe.each(catalogue.map(({ kind, schema }) => [kind, schema] as const))('the form of a %s', (kind, schema) => {
  const { own, common } = formFor(kind);

  test('random input is often valid, and every error names a field of the form', () => {
    let good = 0;
    const tries = 200;
    fc.assert(
      fc.property(entries(own), data => {
        const parsed = Content.safeParse(around(kind, filledIn(data)));
        if (parsed.success) good++;
        // A rule between fields, which the schema cannot express, must name an existing field.
        else for (const { path } of parsed.error.issues) expect(fieldAt(own, path.slice(1) as Path)).toBeDefined();
      }),
      { numRuns: tries, seed: 7 },
    );
    // Few random inputs fit a kind with rules between its fields.
    expect(good).toBeGreaterThan(tries / 20);
  });

  test('the form has a field for all valid data, and gives the data back unchanged', () =>
    fc.assert(
      fc.property(valid(schema), data => {
        const value = data as Value;
        for (const path of leaves(value)) expect(fieldAt(own, path)).toBeDefined();
        const refilled = leaves(value).reduce<Value>((form, path) => put(form, path, at(value, path)), undefined);
        expect(schema.parse(filledIn(refilled) ?? {})).toEqual(schema.parse(JSON.parse(JSON.stringify(data))));
      }),
      { numRuns: 100 },
    ));

  test('the form has the fields that all kinds share', () => {
    expect(common.map(({ name, type }) => [name, type])).toEqual([
      ['headline', 'line'],
      ['body', 'text'],
      ['occurred', 'occurred'],
      ['sourcing', 'group'],
      ['modality', 'group'],
      ['byline', 'list'],
      ['captures', 'list'],
    ]);
  });
});

describe('making a form from a schema', () => {
  test('an actor, a slug, a choice and the precisions get their own types of field', () => {
    const { own, common } = formFor('obstacle');
    expect(own).toMatchObject([
      { name: 'issue', type: 'slug', required: true, hint: expect.stringContaining('sanctions') },
      { name: 'obstacle', type: 'text', max: 1_000 },
      { name: 'actors', type: 'actors', required: false },
      {
        name: 'demands',
        type: 'list',
        fields: [{ type: 'actor', label: 'Actor' }, { type: 'text' }, { type: 'actors' }],
      },
    ]);
    expect(own[2]).not.toHaveProperty('hint');
    const [, , occurred, source, modality] = common;
    expect(occurred).toMatchObject({ precisions });
    expect(source).toMatchObject({
      fields: [{ type: 'choice' }, { type: 'choice' }, { type: 'actor' }, { type: 'line' }],
    });
    expect(modality).toMatchObject({ fields: [{ options: modes }, { type: 'list' }] });
    expect(kinds.find(({ kind }) => kind === 'scenario')?.modes).toEqual(['conditional']);
  });

  test('a new kind needs only its schema', () => {
    const Launch = z.strictObject({
      craft: ActorRef.meta({ description: 'What was launched.' }),
      crew: z.array(ActorRef).min(1).optional(),
      orbit: z.strictObject({ apogee: z.number().meta({ title: 'Apogee, km' }) }).optional(),
    });
    const schema = z.toJSONSchema(Launch, { io: 'input', unrepresentable: 'any' }) as Schema;
    expect(fieldsOf(schema)).toEqual([
      { name: 'craft', label: 'Craft', type: 'actor', required: true, hint: 'What was launched.' },
      { name: 'crew', label: 'Crew', type: 'actors', required: false, min: 1, max: 1_000_000 },
      {
        ...{ name: 'orbit', label: 'Orbit', type: 'group', required: false },
        fields: [{ name: 'apogee', label: 'Apogee, km', type: 'number', required: true }],
      },
    ]);
  });

  test('an unknown kind has no form, and a schema without a matching field is an error', () => {
    expect(formOf(content as Schema, 'rumour')).toBeUndefined();
    expect(() => fieldsOf({ properties: { x: { type: 'null' } } })).toThrow('No field is made for x');
    expect(() => fieldsOf({ properties: { x: { $ref: '#/$defs/Y' } } })).toThrow('which it does not contain');
  });

  test('an actor’s form is made from its schema', () =>
    expect(fieldsOf(actor as Schema).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id slug',
      'name line',
      'kind choice',
      'aliases lines',
      'affiliations actors',
      'description text',
      'wikidata line',
      'iso3166 line',
    ]));

  test('an act’s form is made from its schema', () => {
    const body = (named: string) => fieldsOf(acts.find(({ act }) => act === named)!.body as Schema);
    expect(body('supersede')).toMatchObject([{ name: 'by', type: 'development', required: true }]);
    expect(body('retract')).toMatchObject([{ name: 'reason', type: 'text', required: true }]);
    for (const { body } of acts) if (body) expect(() => fieldsOf(body as Schema)).not.toThrow();
  });

  test.each([
    ['wikidataId', 'Wikidata id'],
    ['market-move', 'Market move'],
    ['of', 'Of'],
  ])('%s gets the label %s', (name, label) => expect(labelOf(name)).toBe(label));
});

describe('the values of a form', () => {
  test('a value is put at its path, and missing objects and lists are created', () =>
    expect(put({ a: 1 }, ['b', 1, 'c'], 'x')).toEqual({ a: 1, b: [undefined, { c: 'x' }] }));

  test('blank and empty values are left out', () => {
    expect(filledIn({ a: ' ', b: [{ c: '' }, { c: 'x', d: [] }, {}], e: 0, f: false, g: {} })).toEqual({
      b: [{}, { c: 'x' }],
      e: 0,
      f: false,
    });
    expect(filledIn({ a: '' })).toBeUndefined();
  });

  test('one item is removed from a list, and the rest stays', () =>
    expect(without({ a: [1, 2, 3], b: 1 }, ['a'], 1)).toEqual({ a: [1, 3], b: 1 }));
});

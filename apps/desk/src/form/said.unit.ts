import { expect, test } from '@jest/globals';
import type { Field } from '../form-model/fields.js';
import { labelIn, lacking, saidOf } from './said.js';

const field = (name: string, label: string, type: Field['type'] = 'line') => ({ name, label, type }) as Field;
const modes = ['asserted', 'planned', 'conditional', 'denied'];

// What a newcomer read, and what an editor reads now.
test.each([
  [field('speaker', 'Speaker', 'actor'), { message: 'is missing; it must be a text' }, 'Say who speaks.'],
  [field('topic', 'Topic'), { message: 'is missing; it must be a text' }, 'Fill in “Topic”.'],
  [field('body', 'Body', 'text'), { message: 'must not be empty' }, 'Write the text.'],
  [
    field('mode', 'Stated as', 'choice'),
    { message: 'must be one of asserted, planned, conditional, denied', allowed: modes },
    'Say whether it has happened, is planned, denied or depends on a condition.',
  ],
  [
    field('direction', 'Direction', 'choice'),
    { message: 'must be one of rise, fall', allowed: ['rise', 'fall'] },
    'Direction: choose rise or fall.',
  ],
  [
    field('issue', 'Issue', 'slug'),
    { message: 'must be lower-case words of a-z and 0-9, joined by hyphens' },
    'Issue: use small letters, digits and hyphens, such as harbour-fire.',
  ],
  [
    field('alt', 'What it shows', 'text'),
    { message: 'must be given, unless `decorative` says that the picture needs none' },
    'Say what the picture shows, or that it only decorates.',
  ],
  [field('count', 'Count', 'number'), { message: 'must be a number' }, 'Count must be a number.'],
  [
    field('actor', 'Source', 'actor'),
    { message: 'must name the person or actor on the record' },
    'Name who is on the record.',
  ],
  [
    field('speaker', 'Speaker', 'actor'),
    { message: 'No registered actor has this id, name or alias. Register the actor first.', allowed: ['ada'] },
    'No registered actor has this id, name or alias. Register the actor first. (ada)',
  ],
])('the desk words an error for editors: %#', (field, error, words) =>
  expect(saidOf(field, { field: field.name, ...error })).toBe(words),
);

test('an error lists up to eight allowed values, and none of a longer list', () => {
  const of = (count: number) =>
    saidOf(field('direction', 'Direction', 'choice'), {
      ...{ field: 'direction', message: 'must be one of many' },
      allowed: Array.from({ length: count }, (_, n) => `v${n}`),
    });
  expect(of(8)).toContain('v7');
  expect(of(9)).toBe('Choose one for “Direction”.');
});

test('a missing precision is worded as a question about the time', () =>
  expect(
    saidOf(
      field('occurred', 'When', 'occurred'),
      { field: 'content.occurred.precision', message: 'must be one of second' },
      'precision',
    ),
  ).toBe('Say when it happened, or choose “Not known”.'));

test('the same missing point is said once', () =>
  expect(
    lacking(
      [
        { field: 'content.data.speaker', message: 'is missing; it must be a text' },
        { field: 'content.data.actors.0', message: 'is missing; it must be a text' },
        { field: 'content.data.actors.1', message: 'is missing; it must be a text' },
      ],
      new Map(),
    ),
  ).toEqual(['Say who speaks.', 'Say who.']));

test.each([
  ['iso3166', 'Iso3166', 'Country code (ISO 3166)'],
  ['id', 'Id', 'Name in addresses'],
  ['id', 'Given label', 'Given label'],
  ['place', 'Place', 'Place'],
])('the field %s, titled %s, has the label %s', (name, label, words) =>
  expect(labelIn(field(name, label))).toBe(words),
);

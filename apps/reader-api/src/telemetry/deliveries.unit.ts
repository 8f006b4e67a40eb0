import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { Deliveries } from './deliveries.js';

// Any role of the database can notify, so that anything may come.
test.each([
  '',
  'x',
  'null',
  '{}',
  '[1]',
  '[{"position":-1,"parent":"a"}]',
  `[{"position":1,"parent":${JSON.stringify('x'.repeat(201))}}]`,
])('a notification of traces that says %j is none, and ends no process', told => {
  expect(() => new Deliveries(new Registry()).heard(told)).not.toThrow();
});

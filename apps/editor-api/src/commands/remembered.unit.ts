import { expect, test } from '@jest/globals';
import { Map as Dictionary } from 'immutable';
import { remember } from './remembered.js';

const after = (count: number) => {
  let commands = Dictionary<string, { position: number }>();
  for (let position = 1; position <= count; position++)
    commands = remember(commands, `key-${position}`, { position }, 100);
  return commands;
};

test('commands are remembered up to the bound and a tenth more; past it the latest are kept', () => {
  expect(after(110).size).toBe(110);
  const past = after(111);
  expect(past.size).toBe(100);
  expect([past.has('key-11'), past.has('key-12'), past.has('key-111')]).toEqual([false, true, true]);
  expect(after(1_000).size).toBeLessThanOrEqual(110);
});

test('a key means its first command, and can be used again once it is forgotten', () => {
  expect(remember(after(50), 'key-7', { position: 51 }, 100).get('key-7')).toEqual({ position: 7 });
  expect(remember(after(111), 'key-7', { position: 112 }, 100).get('key-7')).toEqual({ position: 112 });
});

import { expect, test } from '@jest/globals';
import { lineFaults } from '../faulty-line.js';
import { alwaysFirst, turnsFrom } from './proxies.js';

const links = ['projector to Kafka', ...alwaysFirst, 'editor-api to pictures', 'reader-api to Postgres'];
const days = Array.from({ length: 35 }, (_, day) => 20_000 + day);

test('each short run disturbs what posting needs, and then another link', () => {
  for (const day of days) {
    const four = turnsFrom(day, links, 4).map(({ link }) => link);
    expect(four.slice(0, 3)).toEqual(alwaysFirst);
    expect(alwaysFirst).not.toContain(four[3]);
  }
});

test('every fault comes to every link, in short runs of several days and in a run with a turn for each pair', () => {
  const pairs = (turns: ReturnType<typeof turnsFrom>) => new Set(turns.map(({ link, fault }) => `${fault}, ${link}`));
  const all = links.length * lineFaults.length;
  expect(pairs(days.flatMap(day => turnsFrom(day, links, 4))).size).toBe(all);
  expect(pairs(turnsFrom(20_000, links, all)).size).toBe(all);
});

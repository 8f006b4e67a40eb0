import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { actorLines, type Citation } from './print-actor.js';

const citation = (position: number, value: Citation['value'], more: Partial<Citation> = {}): Citation => ({
  development: `d${position}`,
  position,
  standing: 'reported',
  modality: { mode: 'asserted' },
  value,
  ...more,
});

const printed = (current: Citation | null, ...others: Citation[]) => {
  const cells = [{ facet: 'meeting' as const, current, citations: [...(current ? [current] : []), ...others] }];
  const [title, ...lines] = actorLines({ actor: { name: 'Ada Quist', kind: 'person' }, cells }, id => id, {
    width: 80,
    colours: pc.createColors(false),
  });
  expect(title).toBe('Ada Quist person');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  return lines.map(line => line.replace(/ +/g, ' ').trim());
};

describe('an actor’s state, printed', () => {
  test('says of each cell what is current, and what it rests on', () =>
    expect(
      printed(citation(9, { format: 'letters', before: 'round table' }), citation(7, { format: 'round table' })),
    ).toEqual(['meeting letters, before: round table #9 ~#7']));

  test('says what keeps a cell from being a plain fact', () =>
    expect(
      printed(
        citation(
          9,
          { format: 'letters' },
          { standing: 'hinted', modality: { mode: 'conditional', conditions: [{ id: 'c', text: 'it rains' }] } },
        ),
      ),
    ).toEqual(['meeting hinted: conditional on: it rains: #9', 'letters']));

  test('says where every development behind a cell is gone', () =>
    expect(printed(null, citation(7, { format: 'round table' }))).toEqual(['meeting nothing current ~#7']));

  test('takes two lines for what is long, and says that it was cut', () => {
    const lines = printed(citation(9, { format: 'a word '.repeat(60) }));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
  });
});

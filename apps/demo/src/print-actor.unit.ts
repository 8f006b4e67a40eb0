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

describe('printing an actor’s state', () => {
  test('each cell shows its current value and the positions that it cites', () =>
    expect(
      printed(citation(9, { format: 'letters', before: 'round table' }), citation(7, { format: 'round table' })),
    ).toEqual(['meeting letters, before: round table #9 ~#7']));

  test('a cell shows why it is not a plain fact', () =>
    expect(
      printed(
        citation(
          9,
          { format: 'letters' },
          { standing: 'hinted', modality: { mode: 'conditional', conditions: [{ id: 'c', text: 'it rains' }] } },
        ),
      ),
    ).toEqual(['meeting hinted: conditional on: it rains: #9', 'letters']));

  test('a cell without an active development says that nothing is current', () =>
    expect(printed(null, citation(7, { format: 'round table' }))).toEqual(['meeting nothing current ~#7']));

  test('a long value takes two lines and ends with an ellipsis', () => {
    const lines = printed(citation(9, { format: 'a word '.repeat(60) }));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
  });
});

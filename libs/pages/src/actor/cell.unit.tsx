import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { pageContext, PageContextProvider } from '../page-context.js';
import { kindShapes } from '../kinds.js';
import type { CellView, CitationView } from '../view.js';
import { Cell } from './cell.js';

const citation = (kind: string, value: Record<string, unknown>, headline: string): CitationView => ({
  ...{ development: 'd1', kind, headline, value, status: 'active', standing: 'reported' },
  ...{ sourcing: { basis: 'desk', standing: 'reported' }, occurred: { precision: 'unknown' } },
  ...{ modality: { mode: 'asserted', conditions: [] }, recorded: '2026-11-24T12:00:00.000Z' },
});
const text = (facet: CellView['facet'], key: string, current: CitationView) =>
  renderToString(
    <PageContextProvider.Provider
      value={pageContext({ story: 'talks', language: 'en', zone: 'UTC', kinds: kindShapes })}
    >
      <Cell
        cell={{ facet, key, current, citations: [current], total: 1 }}
        actors={[
          { id: 'ada', name: 'Ada' },
          { id: 'ben', name: 'Ben' },
        ]}
      />
    </PageContextProvider.Provider>,
  )
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('the id of an issue is shown in words, as the updates behind it write them', () => {
  const position = citation('position', { issue: 'eastern-europe', stance: 'No' }, 'Influence in Eastern Europe');
  expect(text('position', 'eastern-europe', position)).toMatch(/^ Eastern Europe No /);
  const other = citation('position', { issue: 'sea-wall', stance: 'No' }, 'A wall by the sea');
  expect(text('position', 'sea-wall', other)).toMatch(/^ Sea wall No /);
});

test('a proposal says who made it and whom it would include, not which part the actor has in it', () => {
  const told = { proposal: 'A talk', by: 'ben', part: 'party' };
  expect(text('proposal', 'd1', citation('proposal', told, 'A talk'))).toMatch(/^ A talk Proposed by Ben Our own/);
  const made = { proposal: 'A talk', part: 'proposer', parties: ['ben'] };
  expect(text('proposal', 'd1', citation('proposal', made, 'A talk'))).toMatch(/^ A talk Would include Ben Our own/);
});

test('a count names its incident once, and whom it counts beside the figure', () => {
  const count = { incident: 'quay-collapse', of: 'missing', exactly: 1 };
  expect(text('count', 'quay-collapse-missing', citation('incident', count, 'Fall'))).toMatch(
    /^ Quay collapse 1 missing /,
  );
});

test('a reaction says to what it is one, and a departure where to', () => {
  const stances = [{ stance: 'hope', text: 'Good.' }];
  expect(text('reaction', 'd1', citation('reaction', { to: 'the talks', stances }, 'Hope'))).toContain(
    'In response to The talks',
  );
  expect(text('presence', 'whereabouts', citation('departure', { left: 'Bonn', to: 'Rome' }, 'Gone'))).toMatch(
    /^ Has left Bonn Bound for Rome Our own reporting time not reported /,
  );
});

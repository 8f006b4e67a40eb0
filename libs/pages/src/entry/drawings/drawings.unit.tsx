import { describe, expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { pageContext, PageContextProvider } from '../../page-context.js';
import { kindShapes } from '../../kinds.js';
import type { EntryView } from '../../view.js';
import { Entry } from '../entry.js';

const actors = [
  { id: 'harbour', name: 'Harbour Party' },
  { id: 'union', name: 'the Union' },
  { id: 'ada', name: 'Ada Berg' },
];
const desk = { basis: 'desk', standing: 'reported' } as const;
const entry: Omit<EntryView, 'kind' | 'headline' | 'data'> = {
  ...{ id: 'd1', bodyHtml: null, occurred: { precision: 'unknown' }, sourcing: desk, standing: 'reported', actors },
  ...{
    modality: { mode: 'asserted', conditions: [] },
    byline: null,
    recorded: '2026-11-24T12:00:00.000Z',
    by: null,
    changed: 3,
  },
  ...{
    status: 'active',
    key: false,
    pinned: false,
    supersededBy: null,
    links: [],
    checks: [],
    corrections: [],
    edits: [],
  },
  retraction: null,
};
const html = (kind: string, data: Record<string, unknown>, headline = 'It is so') =>
  renderToString(
    <PageContextProvider.Provider
      value={pageContext({ story: 'night', language: 'en', zone: 'UTC', kinds: kindShapes })}
    >
      <Entry entry={{ ...entry, kind, data, headline }} />
    </PageContextProvider.Provider>,
  );
const text = (...of: Parameters<typeof html>) =>
  html(...of)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('a result', () => {
  const tally = [
    { party: 'harbour', count: 12_345, share: 50, fortune: 'won' },
    { party: 'union', count: 6_000, share: 25 },
    { option: 'Others', share: 5 },
  ];
  const result = { contest: 'assembly', state: 'called', tally, counted: { counted: 3, total: 4, of: 'boxes' } };

  test('a result has a bar for each side, the largest over the whole width, and says how much is still to count', () => {
    const drawn = html('result', result);
    const widths = [...drawn.matchAll(/<rect[^>]* width="([\d.]+)%"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([75, 100, 50, 10]);
    expect(text('result', result)).toMatch(
      /Called 3 of 4 boxes counted · 1 still to count Harbour Party won 12,345 votes · 50 % The Union 6,000 votes · 25 % Others 5 %/,
    );
    expect(drawn).toContain('<a href="/s/night/actors/harbour">Harbour Party</a>');
    expect(drawn).not.toContain('style=');
  });

  test('a result that is fully counted does not say how much is still to count', () =>
    expect(text('result', { ...result, counted: { counted: 4, total: 4, of: 'boxes' } })).not.toContain(
      'still to count',
    ));

  test('the bars of a result without shares are measured by its counts, and have no width if all are 0', () => {
    const counts = (...all: number[]) => ({
      ...result,
      counted: undefined,
      tally: all.map((count, i) => ({ option: `${i}`, count })),
    });
    expect(html('result', counts(0, 30, 20))).toMatch(/width="0%".*width="100%".*width="66.7%"/);
    expect(html('result', counts(0, 0))).toMatch(/width="0%".*width="0%"/);
  });
});

describe('a decision', () => {
  test('a decision shows its text, its outcome, and the vote as parts of one bar', () => {
    const data = {
      by: 'union',
      matter: 'wall',
      decision: 'It is built.',
      ruling: 'passed',
      vote: { for: 6, against: 3, abstained: 1 },
    };
    expect(text('decision', data)).toMatch(/It is built\. Passed For 6 Against 3 Abstained 1/);
    expect(html('decision', data)).toMatch(/x="0%" width="60%".*x="60%" width="30%".*x="90%" width="10%"/);
  });

  test('a decision without a vote has no bar', () =>
    expect(html('decision', { by: 'union', matter: 'wall', decision: 'It is built.' })).not.toContain(
      'class="shares"',
    ));
});

test('an incident shows each count with its range and its source', () => {
  const counts = [
    { of: 'dead', least: 2 },
    { of: 'injured', least: 1_000, most: 1_400, by: 'union' },
    { of: 'without-power', most: 7 },
    { of: 'missing', exactly: 0 },
  ];
  const said = text('incident', { incident: 'fire', affected: ['harbour'], counts });
  expect(said).toMatch(/at least 2 dead 1,000 to 1,400 injured says The Union up to 7 without power 0 missing/);
});

describe('a score', () => {
  const teams = [
    { team: 'harbour', score: 2 },
    { team: 'union', score: 1 },
  ];
  const score = { match: 'final', teams, phase: 'in-play', minute: 90, added: 3, scorer: 'ada', how: 'own-goal' };

  test('a score shows the phase, the minute, the teams and the scorer', () =>
    expect(text('score', score)).toMatch(/In play 90\+3′ Harbour Party 2–1 The Union Ada Berg , own goal/));

  test("a headline that repeats the score is for screen readers only; an editor's headline is visible", () => {
    expect(html('score', score, 'Harbour Party 2–1 the Union (Ada Berg, 90+3′)')).toContain('<h3 class="unseen">');
    expect(html('score', score, 'What a match')).toContain('<h3>What a match</h3>');
  });

  test('a score shows the result of a shoot-out', () => {
    const shot = teams.map((team, i) => ({ ...team, shootout: 4 - i }));
    expect(text('score', { ...score, teams: shot, phase: 'ended' })).toMatch(/Ended .* 4–3 in the shoot-out/);
  });
});

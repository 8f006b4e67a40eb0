import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { pageContext, PageContextProvider } from '../page-context.js';
import type { EntryView } from '../view.js';
import { Days } from './days.js';

const listed = (zone: string, ...recorded: string[]) => {
  const entries = recorded.map((at, n) => ({ id: `d${n}`, recorded: at }) as EntryView);
  const html = renderToString(
    <PageContextProvider.Provider value={pageContext({ story: 'talks', language: 'en', zone, kinds: {} })}>
      <Days id="timeline" entries={entries} item={({ id }) => id} />
    </PageContextProvider.Provider>,
  );
  return [...html.matchAll(/<time datetime="([^"]*)">([^<]*)<|<li id="d-([^"]*)"/g)].map(
    ([, day, words, id]) => id ?? `${day} ${words}`,
  );
};

const [noon, evening, next] = ['2025-08-15T12:00:00.000Z', '2025-08-15T23:30:00.000Z', '2025-08-16T05:00:00.000Z'];

test('a list has a heading wherever the day changes in its zone, in either order', () => {
  expect(listed('UTC', noon, evening, next)).toEqual([
    '2025-08-15 Friday 15 August 2025',
    'd0',
    'd1',
    '2025-08-16 Saturday 16 August 2025',
    'd2',
  ]);
  expect(listed('Europe/Berlin', next, evening, noon)).toEqual([
    '2025-08-16 Saturday 16 August 2025',
    'd0',
    'd1',
    '2025-08-15 Friday 15 August 2025',
    'd2',
  ]);
  expect(listed('America/Anchorage', noon, evening, next)).toEqual([
    '2025-08-15 Friday 15 August 2025',
    'd0',
    'd1',
    'd2',
  ]);
});

import { storyStream } from '#domain';
import type { Authenticated, TokenVerifier } from '#platform';
import { describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandProcessor } from '../commands/processor.js';
import type { DeskWatch } from '../presence/watch.js';
import { note, opened, post } from '../reads/feed.fixture.js';
import { FeedController } from './feed.controller.js';

const never = (signal: AbortSignal) =>
  new Promise<boolean>(resolve => signal.addEventListener('abort', () => resolve(false)));

/** A response that keeps what is written to it. */
class Written extends EventEmitter {
  text = '';
  destroyed = false;
  writableEnded = false;
  writableNeedDrain = false;
  writeHead = () => this;
  flushHeaders = () => undefined;
  readonly ends: (string | undefined)[] = [];
  write = (text: string) => {
    this.text += text;
    this.emit('written');
  };
  end = (text?: string) => {
    this.ends.push(text);
    this.writableEnded = true;
  };
  hangUp(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const settings = { feeds: { most: 1, mostEach: 1, patienceMs: 1_000 } } as never;
const accepting = { current: async ({ principal }: Authenticated) => principal } as unknown as TokenVerifier;
const askedUntil = (ends: number) => ({ principal: { id: 'ed', roles: ['editor'], ends } }) as unknown as Authenticated;

/** A processor whose log stands still. A test replaces what it needs otherwise. */
const still = (more: object = {}) =>
  ({
    settleTimeoutMs: 1,
    caughtUp: () => Promise.resolve(true),
    view: () => opened,
    reaches: (_position: number, _patience: number, signal: AbortSignal) => never(signal),
    keysOf: () => Promise.resolve(new Map()),
    ...more,
  }) as unknown as CommandProcessor;

test('a commit that comes while something beside the log changes is sent too', async () => {
  let [model, stamp] = [opened, 0];
  const beside = {
    follow: () => () => undefined,
    of: () => ({ stamp, people: [], drafts: [] }),
    // A post ends its draft: both happen at the same moment, and the draft's end is noticed first.
    changes: (_story: string, seen: number, signal: AbortSignal) => {
      if (seen > 0) return never(signal);
      [model, stamp] = [post(opened, storyStream('s'), 'k', note), 1];
      return Promise.resolve(true);
    },
  };
  const feed = new FeedController(still({ view: () => model }), accepting, settings, beside as unknown as DeskWatch);
  const response = new Written();
  const following = feed.follow('s', askedUntil(Date.now() + 60_000), response as unknown as Response);
  while (!response.text.includes('event: drafts')) await new Promise(resolve => response.once('written', resolve));
  response.hangUp();
  await following;
  expect(response.text).toContain('event: commit');
});

describe('a desk that hangs up leaves nothing behind', () => {
  test.each<[string, (response: Written) => object | undefined]>([
    ['before its feed is asked for', response => void response.hangUp()],
    ['while the log is read', response => ({ caughtUp: () => (response.hangUp(), Promise.resolve(true)) })],
    ['while the feed waits for news', response => ({ reaches: async () => (response.hangUp(), false) })],
  ])('%s', async (_, hangUp) => {
    const response = new Written();
    const processor = still(hangUp(response));
    let watching = 0;
    const beside = {
      follow: () => (watching++, () => void watching--),
      of: () => ({ stamp: 0, people: [], drafts: [] }),
      changes: (_story: string, _seen: number, signal: AbortSignal) => never(signal),
    };
    const feed = new FeedController(processor, accepting, settings, beside as unknown as DeskWatch);
    await feed.follow('s', askedUntil(Date.now() + 60_000), response as unknown as Response);
    const { places, open } = feed as unknown as { places: { size: number }; open: Set<unknown> };
    expect([places.size, open.size, watching, response.listenerCount('close')]).toEqual([0, 0, 0, 0]);
  });
});

test('a feed whose session holds beyond its end, as after a step of the clock, checks it no sooner than after a second', async () => {
  const reaches = (_position: number, patience: number, signal: AbortSignal) => sleep(patience, false, { signal });
  const feed = new FeedController(still({ reaches }), accepting, settings);
  const response = new Written();
  const began = performance.now();
  const following = feed.follow('s', askedUntil(Date.now() - 1), response as unknown as Response);
  while (!response.text.includes(': still here')) await new Promise(resolve => response.once('written', resolve));
  expect(performance.now() - began).toBeGreaterThan(900);
  response.hangUp();
  await following.catch(() => undefined);
});

test('who asks for the headers of a feed alone gets them, and takes no place', async () => {
  const response = new Written();
  const feed = new FeedController(still(), accepting, settings);
  const asked = { ...askedUntil(Date.now() + 60_000), method: 'HEAD' } as Authenticated;
  await feed.follow('s', asked, response as unknown as Response);
  expect([response.text, response.ends]).toEqual(['', [undefined]]);
  expect((feed as unknown as { places: { size: number } }).places.size).toBe(0);
});

test('a feed that the process ends while it waits writes nothing more', async () => {
  const response = new Written();
  const feed: FeedController = new FeedController(
    still({ reaches: async () => false, keysOf: () => Promise.resolve(new Map()) }),
    { current: async () => void feed.beforeApplicationShutdown() } as unknown as TokenVerifier,
    settings,
  );
  await feed.follow('s', askedUntil(Date.now() - 1), response as unknown as Response);
  expect(response.ends).toEqual([undefined]);
});

test.each([[['reporter']], [[]], [['editor', 'legal']]])(
  'a feed whose person has other roles than before (%j) ends before it tells anything more',
  async roles => {
    let model = opened;
    const reaches = async () => ((model = post(opened, storyStream('s'), 'k', note)), true);
    const changed = { current: async () => ({ id: 'ed', roles }) } as unknown as TokenVerifier;
    const feed = new FeedController(still({ view: () => model, reaches }), changed, settings);
    const response = new Written();
    await feed.follow('s', askedUntil(Date.now() - 1), response as unknown as Response);
    expect(response.ends).toEqual([undefined]);
    expect(response.text).not.toContain('event: commit');
  },
);

import { storyStream } from '#domain';
import type { Authenticated, TokenVerifier } from '#platform';
import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import { EventEmitter } from 'node:events';
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
  write = (text: string) => {
    this.text += text;
    this.emit('written');
  };
}

test('a commit that comes while something beside the log changes is sent too', async () => {
  let [model, stamp] = [opened, 0];
  const processor = {
    settleTimeoutMs: 1,
    caughtUp: () => Promise.resolve(true),
    view: () => model,
    reaches: (_position: number, _patience: number, signal: AbortSignal) => never(signal),
    keysOf: () => Promise.resolve(new Map()),
  };
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
  const feed = new FeedController(
    processor as unknown as CommandProcessor,
    { stillHolds: () => Promise.resolve(true) } as unknown as TokenVerifier,
    { feeds: { most: 1, mostEach: 1, patienceMs: 1_000 } } as never,
    beside as unknown as DeskWatch,
  );
  const response = new Written();
  const principal = { id: 'ed', roles: ['editor'], ends: Date.now() + 60_000 };
  const following = feed.follow('s', { principal } as unknown as Authenticated, response as unknown as Response);
  while (!response.text.includes('event: drafts')) await new Promise(resolve => response.once('written', resolve));
  response.emit('close');
  response.destroyed = true;
  await following;
  expect(response.text).toContain('event: commit');
});

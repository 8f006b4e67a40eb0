import { describe, expect, it } from '@jest/globals';
import { frameBytes, within } from './catch-up.js';
import { change, hello, opening, resync } from './frames.js';

const fields = (frame: Buffer) => frame.toString().split('\n');

describe('a frame of the live stream', () => {
  it('a frame has its position as the id to resume from', () => {
    expect(fields(hello(7, 2))).toEqual(['id: 7', 'event: hello', 'data: {"position":7,"rewrites":2}', '', '']);
    expect(fields(resync(9, 2, 'too-far-behind')).slice(0, 2)).toEqual(['id: 9', 'event: resync']);
  });

  it('a frame has one line of data without markup, whatever text it contains', () => {
    const frame = change({ position: 3, headline: 'a\n\ndata: b\r\u2028<c>' } as { position: number });
    expect(fields(frame)).toHaveLength(5);
    expect(frame.toString()).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(fields(frame)[2]!.slice('data: '.length))).toEqual({
      position: 3,
      headline: 'a\n\ndata: b\r\u2028<c>',
    });
  });

  it('a frame that is one byte too long is replaced by a resync', () => {
    expect(within(Buffer.alloc(frameBytes), 5, 2)).toHaveLength(frameBytes);
    const instead = within(Buffer.alloc(frameBytes + 1), 5, 2);
    expect(fields(instead).slice(0, 2)).toEqual(['id: 5', 'event: resync']);
    expect(JSON.parse(fields(instead)[2]!.slice('data: '.length))).toMatchObject({ rewrites: 2, reason: 'too-long' });
  });
});

it('clients that reconnect automatically do so at different times', () =>
  expect([0, 0.5, 1].map(chance => opening(() => chance).toString())).toEqual([
    'retry: 1000\n',
    'retry: 2500\n',
    'retry: 4000\n',
  ]));

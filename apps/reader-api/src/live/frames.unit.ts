import { describe, expect, it } from '@jest/globals';
import { change, hello, resync } from './frames.js';

const fields = (frame: Buffer) => frame.toString().split('\n');

describe('a frame', () => {
  it('carries its position as the id to resume from', () => {
    expect(fields(hello(7, 2))).toEqual(['id: 7', 'event: hello', 'data: {"position":7,"rewrites":2}', '', '']);
    expect(fields(resync(9, 2, 'too-far-behind')).slice(0, 2)).toEqual(['id: 9', 'event: resync']);
  });

  it('is one line of data without markup, whatever the text in it', () => {
    const frame = change({ position: 3, headline: 'a\n\ndata: b\r\u2028<c>' } as { position: number });
    expect(fields(frame)).toHaveLength(5);
    expect(frame.toString()).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(fields(frame)[2]!.slice('data: '.length))).toEqual({
      position: 3,
      headline: 'a\n\ndata: b\r\u2028<c>',
    });
  });
});

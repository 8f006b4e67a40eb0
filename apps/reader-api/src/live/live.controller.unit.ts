import { Places } from '#platform';
import { expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { EventEmitter } from 'node:events';
import { LiveController } from './live.controller.js';

test.each(['before its stream is asked for', 'while its story is looked up'])(
  'a reader who hangs up %s leaves its place',
  async when => {
    const response = Object.assign(new EventEmitter(), {
      destroyed: false,
      writeHead: () => ({ flushHeaders: () => undefined }),
      end: () => undefined,
    });
    const hangUp = () => {
      response.destroyed = true;
      response.emit('close');
    };
    const places = new Places(1, 1);
    const read = async () => {
      expect(places.size).toBe(when.startsWith('while') ? 1 : 0);
      if (!response.destroyed) hangUp();
    };
    if (when.startsWith('before')) hangUp();
    const live = new LiveController({ read } as never, { open: true, places } as never, {} as never, {} as never);
    const request = { method: 'GET', ip: '192.0.2.1' } as Request;
    await live.follow('s', {}, undefined, request, response as unknown as Response);
    expect(places.size).toBe(0);
  },
);

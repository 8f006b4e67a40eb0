import { expect, jest, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { drained } from './drained.js';

test.each(['drain', 'close', undefined])(
  'the wait for a connection to drain ends at the event %s or at the time limit, and leaves no listener',
  async event => {
    jest.useFakeTimers();
    const connection = new EventEmitter();
    const waiting = drained(connection, 1_000);
    jest.advanceTimersByTime(999);
    expect(connection.listenerCount('drain')).toBe(1);
    if (event) connection.emit(event);
    else jest.advanceTimersByTime(1);
    expect(await waiting).toBe(event === 'drain');
    expect([connection.listenerCount('drain'), connection.listenerCount('close'), jest.getTimerCount()]).toEqual([
      0, 0, 0,
    ]);
    jest.useRealTimers();
  },
);

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'express';
import { EventEmitter } from 'node:events';
import { LiveClient, pieceBytes } from './client.js';

const patienceMs = 30_000;

/** A connection that accepts data at once, or holds it until the test reads. */
class Connection extends EventEmitter {
  readonly taken: Buffer[] = [];
  destroyed = false;
  writableEnded = false;
  reads = true;
  write(piece: Buffer): boolean {
    this.taken.push(Buffer.from(piece));
    return this.reads;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
  get text(): string {
    return Buffer.concat(this.taken).toString();
  }
}

let connection: Connection;
let client: LiveClient;
const onRoom = jest.fn();
const onDrop = jest.fn();

beforeEach(() => {
  jest.useFakeTimers();
  jest.resetAllMocks();
  connection = new Connection();
  const said = { after: 1, resumes: false, rewrites: undefined };
  client = new LiveClient(connection as unknown as Response, 's', said, { onRoom, onDrop, patienceMs });
});
afterEach(() => void jest.useRealTimers());

const frame = (letter: string, bytes = 10) => Buffer.alloc(bytes, letter);

describe('the connection of one live client', () => {
  it('the retry delay is sent together with the first event', () => {
    client.write();
    expect(connection.text).toBe('');
    client.write(Buffer.from('id: 1\n\n'), Buffer.from('id: 2\n\n'));
    expect(connection.text).toMatch(/^retry: \d{4}\nid: 1\n\nid: 2\n\n$/);
  });

  it('a client that does not read gets one piece, and the rest stays in the shared buffers', () => {
    connection.reads = false;
    client.write(frame('a', pieceBytes + 1), frame('b', 5 * pieceBytes));
    expect([connection.text.length, client.ready]).toEqual([connection.taken[0]!.length, false]);
    expect(connection.taken).toHaveLength(1);
    client.write(frame('c'));
    expect(connection.taken).toHaveLength(1);
  });

  it('after a client has read, sending continues, and the caller learns that there is room', () => {
    connection.reads = false;
    client.write(frame('a', 2 * pieceBytes), frame('b'));
    for (const done of [false, false, true]) {
      if (done) connection.reads = true;
      connection.emit('drain');
    }
    expect(connection.text.replace(/^retry: \d+\n/, '')).toBe('a'.repeat(2 * pieceBytes) + 'b'.repeat(10));
    expect([client.ready, onRoom.mock.calls.length, onDrop.mock.calls.length]).toEqual([true, 1, 0]);
  });

  it('a client is dropped after it has read nothing for `patienceMs`, and not earlier', () => {
    connection.reads = false;
    client.write(frame('a', 3 * pieceBytes));
    jest.advanceTimersByTime(patienceMs - 1);
    expect(connection.destroyed).toBe(false);
    connection.emit('drain');
    jest.advanceTimersByTime(patienceMs - 1);
    expect([connection.destroyed, onDrop.mock.calls.length]).toEqual([false, 0]);
    jest.advanceTimersByTime(1);
    expect([connection.destroyed, onDrop.mock.calls.length]).toEqual([true, 1]);
  });

  it('a client that has left gets no data, and no timer remains', () => {
    connection.reads = false;
    client.write(frame('a', 3 * pieceBytes));
    connection.destroy();
    client.write(frame('b'));
    expect([connection.taken.length, jest.getTimerCount()]).toEqual([1, 0]);
  });
});

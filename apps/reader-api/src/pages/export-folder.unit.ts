import { BlobError, type BlobStore } from '#blobs';
import type { ExportProps } from '#pages';
import { describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'express';
import { once } from 'node:events';
import { createServer, IncomingMessage, request, ServerResponse } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { ZipFile } from 'yazl';
import { ExportedFolders, mostFolders, mostPictureBytes, mostPictures } from './export-folder.js';

type Entries = ExportProps['entries'];
const name = (n: number) => n.toString(16).padStart(64, '0');
/** An update with this many pictures, from the number `from` on. */
const entry = (count: number, from = 0) => ({
  media: Array.from({ length: count }, (_, n) => ({
    sources: [{ type: 'image/jpeg', href: `/media/${name(from + n)}`, width: 640 }],
  })),
});
const entries = (...all: object[]) => all as unknown as Entries;
const hrefs = (shown: Entries) => shown.flatMap(({ media = [] }) => media!.map(({ sources }) => sources[0]!.href));

const chunk = Buffer.alloc(64 * 1_024, 7);
/** A store in which each picture has this size, and what was read of it. */
function storeOf(size: number) {
  const read = { bytes: 0, stats: 0, atOnce: 0, running: 0, most: 0 };
  const store = {
    async stat(name: string) {
      read.stats++;
      read.most = Math.max(read.most, ++read.running);
      await new Promise(resolve => setImmediate(resolve));
      read.running--;
      return { name, size, modified: new Date(0) };
    },
    async *get() {
      for (let at = 0; at < size; at += chunk.length) {
        const next = chunk.subarray(0, size - at);
        read.bytes += next.length;
        yield next;
      }
    },
  } as unknown as BlobStore;
  return { store, read };
}

/** Serves the folder of these entries. */
async function served(folders: ExportedFolders, of: Entries) {
  const server = createServer((_, response) => {
    void (async () => {
      const { kept } = await folders.placed(of);
      await folders.send(response as unknown as Response, 'harbour-7', '<!doctype html>', kept);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  return { url, close };
}

describe('the pictures in a folder', () => {
  test(`are the first ${mostPictures}; the others stay at their addresses, and are not looked for`, async () => {
    const { store, read } = storeOf(1_000);
    const { kept, entries: shown } = await new ExportedFolders({ store }).placed(
      entries(entry(mostPictures - 1), entry(3, mostPictures - 1)),
    );
    expect([kept.length, read.stats]).toEqual([mostPictures, mostPictures]);
    expect(read.most).toBeLessThanOrEqual(20);
    expect(hrefs(shown).slice(-3)).toEqual([
      `pictures/${name(mostPictures - 1)}.jpg`,
      `/media/${name(mostPictures)}`,
      `/media/${name(mostPictures + 1)}`,
    ]);
  });

  test(`have at most ${mostPictureBytes} bytes together; those beyond stay at their addresses`, async () => {
    const placed = async (size: number) => (await new ExportedFolders(storeOf(size)).placed(entries(entry(5)))).kept;
    expect(await placed(mostPictureBytes / 5)).toHaveLength(5);
    expect(await placed(mostPictureBytes / 5 + 1)).toHaveLength(4);
  });

  test('that are shown twice are there once', async () => {
    const { kept, entries: shown } = await new ExportedFolders(storeOf(9)).placed(entries(entry(2), entry(2)));
    expect([kept.length, hrefs(shown).length]).toEqual([2, 4]);
  });

  test('are read as fast as the client takes them: a client that waits holds no more than a few chunks', async () => {
    const size = 20_000_000;
    const { store, read } = storeOf(size);
    const { url, close } = await served(new ExportedFolders({ store }), entries(entry(2)));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, resolve).on('error', reject).end();
    });
    // It takes nothing: all that is read waits in the buffers of the two sockets.
    let before = -1;
    while (read.bytes !== before) {
      before = read.bytes;
      await new Promise(resolve => setTimeout(resolve, 300));
    }
    expect(read.bytes).toBeLessThan(size);
    let taken = 0;
    for await (const bytes of answer) taken += (bytes as Buffer).length;
    expect(read.bytes).toBe(2 * size);
    expect(taken).toBeGreaterThan(2 * size);
    await close();
  });

  test('are not opened for a reader who has left', async () => {
    const asked = jest.spyOn(ZipFile.prototype, 'addReadStreamLazy');
    const { store, read } = storeOf(1_000_000);
    const folders = new ExportedFolders({ store });
    const { kept } = await folders.placed(entries(entry(2)));
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    response.destroy();
    await folders.send(response as unknown as Response, 'harbour-7', '<!doctype html>', kept);
    // The library asks for them once the page is compressed, without a look at the reader.
    const next = jest.fn();
    for (const [, , give] of asked.mock.calls as unknown as [string, object, (next: () => void) => void][]) give(next);
    expect([asked.mock.calls.length, next.mock.calls.length, read.bytes]).toEqual([2, 0, 0]);
  });

  test('a picture that cannot be read breaks the answer off', async () => {
    const { store } = storeOf(1_000_000);
    const broken = { ...store, get: () => failing() } as BlobStore;
    async function* failing() {
      yield chunk;
      throw new BlobError('blob-differs');
    }
    const { url, close } = await served(new ExportedFolders({ store: broken }), entries(entry(1)));
    await expect(fetch(url).then(answer => answer.arrayBuffer())).rejects.toThrow();
    await close();
  });
});

test(`at most ${mostFolders} folders are sent at a time; one more is refused with 503, until one has ended`, async () => {
  const folders = new ExportedFolders({ store: undefined });
  const ends: (() => void)[] = [];
  const sent = Array.from({ length: mostFolders }, () =>
    folders.within(() => new Promise<void>(resolve => ends.push(resolve))),
  );
  const refused = { status: 503, response: expect.objectContaining({ code: 'exports-busy' }) };
  await expect(folders.within(async () => undefined)).rejects.toMatchObject(refused);
  ends[0]!();
  await sent[0];
  await folders.within(async () => undefined);
  for (const end of ends) end();
  await Promise.all(sent);
});

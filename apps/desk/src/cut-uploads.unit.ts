import { expect, jest, test } from '@jest/globals';
import { CutUploads } from './cut-uploads.js';

/** A browser's storage, and a page of it. */
function browser() {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
  const opened = (owner = 'ada', story = 'flood') => {
    const page = new EventTarget();
    return { cut: new CutUploads(storage, owner, story, page), close: () => page.dispatchEvent(new Event('pagehide')) };
  };
  return { held, opened };
}
const file = (size: number, name = 'crane.mp4') => new File([new Uint8Array(size)], name);
const never = () => new Promise<never>(() => undefined);

test('an upload under way when the page is closed is told to the same person in the same story, for four hours', () => {
  const { opened } = browser();
  const { cut, close } = opened();
  expect(cut.name).toBeUndefined();
  void cut.during(file(400_001), never);
  expect(cut.name).toBeUndefined();
  close();
  expect(opened().cut.name).toBe('crane.mp4');
  expect([opened('ben').cut.name, opened('ada', 'storm').cut.name]).toEqual([undefined, undefined]);
  jest.useFakeTimers({ now: Date.now() + 4 * 3_600_000 });
  expect(opened().cut.name).toBeUndefined();
  jest.useRealTimers();
});

test('one that ended is not, nor is a small one, of which the newsroom has nothing; the next one replaces it', async () => {
  const { held, opened } = browser();
  const { cut, close } = opened();
  await cut.during(file(400_001), async () => 1);
  await cut.during(file(400_001), () => Promise.reject(new Error('refused'))).catch(() => undefined);
  void cut.during(file(400_000), never);
  close();
  expect([...held]).toEqual([]);
  const second = opened();
  void second.cut.during(file(400_001), never);
  second.close();
  await second.cut.during(file(1, 'small.png'), async () => 1);
  expect([...held]).toEqual([]);
});

test('a storage that holds nonsense tells nothing', () => {
  const { held, opened } = browser();
  held.set('dateline.cut-upload:ada:flood', '{');
  expect(opened().cut.name).toBeUndefined();
});

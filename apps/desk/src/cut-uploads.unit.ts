import { expect, jest, test } from '@jest/globals';
import { CutUploads } from './cut-uploads.js';

/** A browser's storage, and a page of it. */
function browser() {
  const held = new Map<string, string>();
  const storage = {
    get length() {
      return held.size;
    },
    key: (index: number) => [...held.keys()][index] ?? null,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
  const opened = (owner = 'ada', story = 'flood') => {
    const page = new EventTarget();
    const cuts = new CutUploads(storage, owner, page);
    return {
      during: <Answer>(file: File, send: () => Promise<Answer>) => cuts.during(story, file, send),
      name: () => cuts.nameIn(story),
      signOut: () => cuts.end(),
      close: () => page.dispatchEvent(new Event('pagehide')),
    };
  };
  return { held, opened };
}
const file = (size: number, name = 'crane.mp4') => new File([new Uint8Array(size)], name);
const never = () => new Promise<never>(() => undefined);

test('an upload under way when the page is closed is told to the same person in the same story, for four hours', () => {
  const { opened } = browser();
  const { during, name, close } = opened();
  expect(name()).toBeUndefined();
  void during(file(400_001), never);
  expect(name()).toBeUndefined();
  close();
  expect(opened().name()).toBe('crane.mp4');
  expect([opened('ben').name(), opened('ada', 'storm').name()]).toEqual([undefined, undefined]);
  jest.useFakeTimers({ now: Date.now() + 4 * 3_600_000 });
  expect(opened().name()).toBeUndefined();
  jest.useRealTimers();
});

test('one that ended is not, nor is a small one, of which the newsroom has nothing; the next one replaces it', async () => {
  const { held, opened } = browser();
  const { during, close } = opened();
  await during(file(400_001), async () => 1);
  await during(file(400_001), () => Promise.reject(new Error('refused'))).catch(() => undefined);
  void during(file(400_000), never);
  close();
  expect([...held]).toEqual([]);
  const second = opened();
  void second.during(file(400_001), never);
  second.close();
  await second.during(file(1, 'small.png'), async () => 1);
  expect([...held]).toEqual([]);
});

test('once a person has signed out none of their names is there, also not of an upload that leaving the page cuts', () => {
  const { held, opened } = browser();
  const [ada, other, ben] = [opened(), opened('ada', 'storm'), opened('ben')];
  for (const { during, close } of [other, ben]) {
    void during(file(400_001), never);
    close();
  }
  void ada.during(file(400_001), never);
  ada.signOut();
  ada.close();
  expect([...held.keys()]).toEqual(['dateline.cut-upload:ben:flood']);
});

test('a storage that holds nonsense tells nothing', () => {
  const { held, opened } = browser();
  held.set('dateline.cut-upload:ada:flood', '{');
  expect(opened().name()).toBeUndefined();
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { released, watchPresses } from './press.js';

describe('what comes from the network while a pointer is pressed', () => {
  const page = new EventTarget();
  const pointer = (what: string) => page.dispatchEvent(new Event(`pointer${what}`));
  const isHeld = () => Promise.race([released().then(() => false), Promise.resolve().then(() => true)]);
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  watchPresses(page);

  test('waits until the click that ends the press', async () => {
    expect(await isHeld()).toBe(false);
    pointer('down');
    expect(await isHeld()).toBe(true);
    pointer('up');
    // The browser sends the click in this task.
    expect(await isHeld()).toBe(true);
    jest.advanceTimersByTime(0);
    expect(await isHeld()).toBe(false);
  });

  test('waits no longer when the browser takes the pointer to scroll', async () => {
    pointer('down');
    pointer('cancel');
    jest.advanceTimersByTime(0);
    expect(await isHeld()).toBe(false);
  });

  test('waits for two seconds at most', async () => {
    pointer('down');
    jest.advanceTimersByTime(1_999);
    expect(await isHeld()).toBe(true);
    jest.advanceTimersByTime(1);
    expect(await isHeld()).toBe(false);
  });

  test('waits for the second of two quick presses', async () => {
    pointer('down');
    const first = released();
    pointer('up');
    pointer('down');
    jest.advanceTimersByTime(0);
    await first;
    expect(await isHeld()).toBe(true);
    pointer('up');
    jest.advanceTimersByTime(0);
    expect(await isHeld()).toBe(false);
  });
});

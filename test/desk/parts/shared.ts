import type { Browser } from 'playwright-core';
import type { Line } from '../../harness/line.js';
import type { TestNewsroom } from '../../harness/newsroom.js';

/** A newsroom and a browser that several parts of the desk's tests share. They are there once the tests run. */
export interface DeskNewsroom {
  newsroom: TestNewsroom;
  browser: Browser;
  /** The connection to the key store. */
  keys: Line;
}

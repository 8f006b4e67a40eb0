import { describe } from '@jest/globals';
import { missing } from './browser-page.js';

export * from './browser-page.js';

if (missing) console.warn(`\n*** BROWSER TESTS ARE SKIPPED: ${missing}. ***\n`);

/** `describe` if a browser is available; otherwise the suite is skipped, and the reason is printed above. */
export const describeInBrowser = missing ? describe.skip : describe;

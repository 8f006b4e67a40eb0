import { describe } from '@jest/globals';
import { missing } from './browser-page.js';

export * from './browser-page.js';

if (missing) console.warn(`\n*** BROWSER TESTS ARE SKIPPED: ${missing}. ***\n`);

/** `describe` where there is a browser; otherwise skipped, with the reason said above. */
export const describeInBrowser = missing ? describe.skip : describe;

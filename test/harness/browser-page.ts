import type axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  chromium as playwright,
  type Browser,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Page,
} from 'playwright-core';
import { chromium } from './chromium.js';

const found = await chromium();
/** The reason why no browser is available; undefined if one is. */
export const missing = 'missing' in found ? found.missing : undefined;

/** Starts a headless Chromium. Throws if there is none. */
export function launch(): Promise<Browser> {
  if ('missing' in found) throw new Error(found.missing);
  // As root, Chromium runs only without its sandbox. The pages are our own.
  return playwright.launch({ executablePath: found.path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface How {
  readonly theme?: 'light' | 'dark';
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly javaScript?: boolean;
  readonly zone?: string;
  readonly locale?: string;
  readonly still?: boolean;
}

/** An open page, with its faults. */
export interface Opened {
  readonly page: Page;
  /** Violations of the content security policy, and errors on the console. */
  readonly faults: string[];
  /** Requested addresses, including the page's own. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A post may overtake the last saving of its draft, which is then answered 410. The desk expects it; browsers report it all the same. */
const isOfEndedDraft = (message: ConsoleMessage) =>
  message.text().includes('status of 410') && message.location().url.includes('/drafts/');

/** Opens a page in a new context without stored data. */
export async function openPage(browser: Browser, url: string, how: How = {}): Promise<Opened> {
  const {
    theme = 'light',
    width = 1280,
    height = width < 500 ? 780 : 900,
    javaScript = true,
    zone = 'Europe/Berlin',
    locale = 'en-GB',
    still,
  } = how;
  const options: BrowserContextOptions = {
    colorScheme: theme,
    viewport: { width, height },
    javaScriptEnabled: javaScript,
    timezoneId: zone,
    locale,
    ...(still && { reducedMotion: 'reduce' as const }),
  };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', message => message.type() === 'error' && !isOfEndedDraft(message) && faults.push(message.text()));
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => requests.push(request.url()));
  await page.goto(url);
  return { page, faults, requests, close: () => context.close() };
}

// Minified, because a browser takes half as long again to load the other one.
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of WCAG 2.2 A and AA and of axe's best practices: rule, element and reason. */
export async function axeFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      // WCAG 2.2 requires this rule, but axe does not run it by default.
      rules: { 'target-size': { enabled: true } },
      // Violations are whole; of what passed axe describes one element instead of all, which takes most of its time.
      resultTypes: ['violations'],
    }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}

/** A picture of the whole page, or of its first screen. */
export const screenshot = (page: Page, path: string, whole = true): Promise<Buffer> =>
  page.screenshot({ path, fullPage: whole, animations: 'disabled', caret: 'hide' });

import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { Response } from 'express';
import { constants } from 'node:zlib';
import { assetsFolder, assetsPath } from './assets.js';

/**
 * Allows only resources from the page's own server: no inline script or style, no frame, no third party. Data blocks, such as JSON-LD,
 * are not executed and need no permission.
 */
const policyWith = (connect: readonly string[]) =>
  [
    `default-src 'none'`,
    ...[
      `script-src 'self'`,
      `style-src 'self'`,
      `font-src 'self'`,
      `img-src 'self' data:`,
      `connect-src ${["'self'", ...connect].join(' ')}`,
    ],
    ...[`form-action 'self'`, `base-uri 'none'`, `frame-ancestors 'none'`],
  ].join('; ');

const year = 365 * 24 * 3_600_000;

const day = 86_400;

/** From level 5 on Brotli beats gzip on our bundles, by five per cent; higher levels take longer and save next to nothing. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Serves the bundles; compresses them and everything under `home`, such as "/s", to which the server's bare address redirects. */
export function servePages(app: NestExpressApplication, home: string): void {
  app.use([assetsPath, home], compression({ threshold: 512, brotli }));
  const routes = app.getHttpAdapter().getInstance();
  routes.get('/', (_request, response) => response.redirect(302, home));
  // Browsers request it everywhere, although our pages name an empty icon.
  routes.get(
    '/favicon.ico',
    (_request, response) => void response.setHeader('Cache-Control', `public, max-age=${day}`).status(204).end(),
  );
  app.useStaticAssets(assetsFolder(), { prefix: assetsPath, immutable: true, maxAge: year, index: false });
}

/** The headers that protect a page. `connect`: other origins that its script may call. */
export const pageHeaders = (connect: readonly string[] = []) => ({
  'Content-Security-Policy': policyWith(connect),
  'Referrer-Policy': 'strict-origin-when-cross-origin',
});

/** Sends a page. The caller sets all other headers, such as its tag. `connect`: other origins that its script may call. */
export function sendPage(response: Response, html: string, status = 200, connect: readonly string[] = []): void {
  response.set(pageHeaders(connect)).status(status).type('html').send(Buffer.from(html));
}

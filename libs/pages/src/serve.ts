import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { Response } from 'express';
import { constants } from 'node:zlib';
import { assetsFolder, assetsPath } from './assets.js';

/**
 * Nothing but what the page's own server has: no inline script or style, no frame, no third party. Data blocks, such as
 * JSON-LD, are not run and need no leave.
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

/** From 5 on Brotli beats gzip on our bundles, by a twentieth; beyond it takes longer and saves next to nothing. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Serves the bundles, and compresses them and whatever is under `home`, such as "/s", where people begin: who types the
 * server's address alone is sent there.
 */
export function servePages(app: NestExpressApplication, home: string): void {
  app.use([assetsPath, home], compression({ threshold: 512, brotli }));
  const routes = app.getHttpAdapter().getInstance();
  routes.get('/', (_request, response) => response.redirect(302, home));
  // Browsers ask for it wherever they are; pages name an empty icon of their own.
  routes.get(
    '/favicon.ico',
    (_request, response) => void response.setHeader('Cache-Control', `public, max-age=${day}`).status(204).end(),
  );
  app.useStaticAssets(assetsFolder(), { prefix: assetsPath, immutable: true, maxAge: year, index: false });
}

/** Sends a page. Its headers but these, such as its tag, are the caller's. `connect`: origins that its script may ask besides its own. */
export function sendPage(response: Response, html: string, status = 200, connect: readonly string[] = []): void {
  response.setHeader('Content-Security-Policy', policyWith(connect));
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.status(status).type('html').send(Buffer.from(html));
}

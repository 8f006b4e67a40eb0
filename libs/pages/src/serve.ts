import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { Response } from 'express';
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

/** Serves the bundles, and compresses them and whatever else is under these paths, such as "/s". */
export function servePages(app: NestExpressApplication, ...paths: string[]): void {
  app.use([assetsPath, ...paths], compression({ threshold: 512 }));
  app.useStaticAssets(assetsFolder(), { prefix: assetsPath, immutable: true, maxAge: year, index: false });
}

/** Sends a page. Its headers but these, such as its tag, are the caller's. `connect`: origins that its script may ask besides its own. */
export function sendPage(response: Response, html: string, status = 200, connect: readonly string[] = []): void {
  response.setHeader('Content-Security-Policy', policyWith(connect));
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.status(status).type('html').send(Buffer.from(html));
}

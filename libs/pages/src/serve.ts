import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { constants } from 'node:zlib';
import { assetsFolder, assetsPath } from './assets.js';

/** What a page may do beyond the usual, which is nothing. */
export interface Policy {
  /** Other origins that its script may call, and whose pictures and recordings it may show. */
  readonly connect?: readonly string[];
  /** Other sources of its videos and sounds, such as blob: for files that an editor chose. */
  readonly media?: readonly string[];
  /** Who may show it in a frame, as the directive frame-ancestors says it. */
  readonly ancestors?: string;
}

/**
 * Allows only resources from the page's own server: no inline script or style, no frame, no third party. Data blocks, such as JSON-LD,
 * are not executed and need no permission.
 */
const policyWith = ({ connect = [], media = [], ancestors = `'none'` }: Policy) =>
  [
    `default-src 'none'`,
    ...[
      `script-src 'self'`,
      `style-src 'self'`,
      `font-src 'self'`,
      `img-src ${["'self'", 'data:', ...connect].join(' ')}`,
      `media-src ${["'self'", ...media, ...connect].join(' ')}`,
      `connect-src ${["'self'", ...connect].join(' ')}`,
    ],
    ...[`form-action 'self'`, `base-uri 'none'`, `frame-ancestors ${ancestors}`],
  ].join('; ');

const year = 365 * 24 * 3_600_000;

const day = 86_400;

/** From level 5 on Brotli beats gzip on our bundles, by five per cent; higher levels take longer and save next to nothing. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const types: Readonly<Partial<Record<string, string>>> = { '.js': 'text/javascript', '.css': 'text/css' };

let compressed: ReadonlySet<string> | undefined;
const isCompressed = (file: string): boolean =>
  (compressed ??= new Set(readdirSync(assetsFolder()).filter(name => name.endsWith('.br')))).has(file);

/** Answers for a bundle with the copy that the build compressed, if the browser can read Brotli and the build made one. */
function compressedByBuild(request: Request, response: Response, next: NextFunction): void {
  const name = basename(request.path);
  const type = types[extname(name)];
  const file = `${name}.br`;
  const isFit = type !== undefined && request.acceptsEncodings('br') === 'br' && isCompressed(file);
  if (!isFit) return next();
  response.vary('Accept-Encoding').setHeader('Content-Encoding', 'br').setHeader('Content-Type', type);
  response.sendFile(
    file,
    { root: assetsFolder(), immutable: true, maxAge: year },
    error => void (error && !response.headersSent && next(error)),
  );
}

/** Headers that browsers apply to documents alone. A page loads three bundles, and each would carry about 700 bytes of them. */
const ofDocuments = [
  ...['Content-Security-Policy', 'Cross-Origin-Opener-Policy', 'Origin-Agent-Cluster', 'Referrer-Policy'],
  ...['X-DNS-Prefetch-Control', 'X-Download-Options', 'X-Frame-Options', 'X-Permitted-Cross-Domain-Policies'],
  'X-XSS-Protection',
];

function withoutDocumentHeaders(_request: Request, response: Response, next: NextFunction): void {
  for (const name of ofDocuments) response.removeHeader(name);
  next();
}

/** A file in memory, served beside the bundles. Its name holds a hash of its content. */
export interface ServedFile {
  readonly file: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** A picture may hold scripts and addresses, which no browser runs or loads if it is opened by its own address. */
const pictureHeaders = { 'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; sandbox` };

/**
 * Serves the bundles and `files`; compresses them and everything under `home`, such as "/s", to which the server's bare address redirects.
 */
export function servePages(app: NestExpressApplication, home: string, files: readonly ServedFile[] = []): void {
  app.use(assetsPath, withoutDocumentHeaders, compressedByBuild);
  app.use([assetsPath, home], compression({ threshold: 512, brotli }));
  const routes = app.getHttpAdapter().getInstance();
  routes.get('/', (_request, response) => response.redirect(302, home));
  // Browsers request it everywhere, although our pages name an empty icon.
  routes.get(
    '/favicon.ico',
    (_request, response) => void response.setHeader('Cache-Control', `public, max-age=${day}`).status(204).end(),
  );
  for (const { file, type, bytes } of files)
    routes.get(`${assetsPath}/${file}`, (_request, response) => {
      if (type.startsWith('image/')) response.set(pictureHeaders);
      response.setHeader('Cache-Control', `public, max-age=${year / 1_000}, immutable`);
      response.type(type).send(bytes);
    });
  app.useStaticAssets(assetsFolder(), { prefix: assetsPath, immutable: true, maxAge: year, index: false });
}

/** The headers that protect a page. */
export const pageHeaders = (policy: Policy = {}) => ({
  'Content-Security-Policy': policyWith(policy),
  'Referrer-Policy': 'strict-origin-when-cross-origin',
});

/** Sends a page. The caller sets all other headers, such as its tag. */
export function sendPage(response: Response, html: string, status = 200, policy: Policy = {}): void {
  response.set(pageHeaders(policy)).status(status).type('html').send(Buffer.from(html));
}

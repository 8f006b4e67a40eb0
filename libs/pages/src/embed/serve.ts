import type { NestExpressApplication } from '@nestjs/platform-express';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asset, assetsFolder } from '../assets.js';
import { embedScript, embedStyle } from './address.js';

/** How long browsers use the script and the style sheet without asking, in seconds: their addresses do not change with their content. */
const freshSeconds = 300;

const bundle = (name: string) => readFileSync(join(assetsFolder(), basename(asset(name).url)));

/**
 * Serves the script and the style sheet for other sites' pages, under addresses that never change. `rules`: what the publisher's brand
 * adds to the style sheet.
 */
export function serveEmbeds(app: NestExpressApplication, rules: string): void {
  const routes = app.getHttpAdapter().getInstance();
  const files = [
    [embedScript, 'text/javascript; charset=utf-8', bundle('embed')],
    [embedStyle, 'text/css; charset=utf-8', Buffer.concat([bundle('embed-style'), Buffer.from(rules)])],
  ] as const;
  for (const [path, type, bytes] of files) {
    const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
    routes.get(path, (_request, response) => {
      response.set({
        'Access-Control-Allow-Origin': '*',
        // Any site's page may load it.
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Cache-Control': `public, max-age=${freshSeconds}`,
        ETag: etag,
      });
      // Express compares the tag with the one that the browser holds.
      response.type(type).send(bytes);
    });
  }
}

import { validate } from '@scalar/openapi-parser';
import type { NextFunction, Request, Response } from 'express';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { conformanceTo, type Exchange } from './conformance.js';

function decoded(bytes: Buffer, encoding: unknown): Buffer {
  try {
    return encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
  } catch {
    // There is no body, or a later middleware compresses it.
    return bytes;
  }
}

/** Records every answer of an app under test, to check it against the app's OpenAPI document. */
export class Watched {
  private readonly exchanges: Exchange[] = [];

  /** Middleware before the routes. It omits streams, because they do not end. */
  readonly watch = (request: Request, response: Response, next: NextFunction): void => {
    const chunks: Buffer[] = [];
    const end = response.end.bind(response) as (...sent: unknown[]) => Response;
    response.end = ((...sent: unknown[]) => {
      const [chunk] = sent;
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      return end(...sent);
    }) as typeof response.end;
    response.once('finish', () => {
      const headers = response.getHeaders() as Exchange['headers'];
      const { method, path } = request;
      if (method === 'OPTIONS' || String(headers['content-type']).startsWith('text/event-stream')) return;
      if (path.startsWith('/docs')) return;
      const body = decoded(Buffer.concat(chunks), headers['content-encoding']).toString();
      this.exchanges.push({ method, path, status: response.statusCode, headers, body });
    });
    next();
  };

  /** Rejects if an answer contradicts the document at `url`. */
  async check(url: string): Promise<void> {
    const text = await (await fetch(`${url}/docs-json`)).text();
    const { valid, errors } = await validate(text);
    if (!valid) throw new Error(`The document is not OpenAPI: ${JSON.stringify(errors)}`);
    const amissIn = conformanceTo(JSON.parse(text));
    const amiss = new Set(this.exchanges.flatMap(amissIn));
    if (amiss.size > 0) throw new Error(`These answers differ from the documentation:\n${[...amiss].join('\n')}`);
  }
}

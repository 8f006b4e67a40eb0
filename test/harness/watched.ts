import { validate } from '@scalar/openapi-parser';
import type { NextFunction, Request, Response } from 'express';
import { conformanceTo, type Exchange } from './conformance.js';

/** Remembers every answer of an app under test, to hold them against the document that the app serves. */
export class Watched {
  private readonly exchanges: Exchange[] = [];

  /** Middleware that comes before the routes. Streams have no end to wait for: they are left out. */
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
      const body = Buffer.concat(chunks).toString();
      this.exchanges.push({ method, path, status: response.statusCode, headers, body });
    });
    next();
  };

  /** Rejects when an answer is not as the document at `url` says. */
  async check(url: string): Promise<void> {
    const text = await (await fetch(`${url}/docs-json`)).text();
    const { valid, errors } = await validate(text);
    if (!valid) throw new Error(`The document is not OpenAPI: ${JSON.stringify(errors)}`);
    const amissIn = conformanceTo(JSON.parse(text));
    const amiss = new Set(this.exchanges.flatMap(amissIn));
    if (amiss.size > 0) throw new Error(`Answers that are not as documented:\n${[...amiss].join('\n')}`);
  }
}

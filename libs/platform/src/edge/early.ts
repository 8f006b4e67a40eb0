import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import proxyAddress from 'proxy-addr';
import { clientAddress, type RequestCounts } from './limits.js';
import { headerLimit } from './server.js';

/** Sends an answer. False if there is none after all; then nothing was sent. */
export type Served = (response: ServerResponse) => Promise<boolean>;

/**
 * Returns a function that answers the request before the app sees it, or undefined if the app must answer. The caller has checked the size
 * of the request, and counts it for its client. Only an answer that the app gave before to the same URL may be sent, because the app has
 * then checked that URL.
 */
export type Early = (request: IncomingMessage) => Served | undefined;

type TrustsProxy = (address: string, index: number) => boolean;

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/**
 * Answers GET requests with `early` if it can, and passes all others to the app unchanged. Express, Nest and each middleware cost several
 * times as much as sending a cached answer.
 */
export function serveEarly(app: NestExpressApplication, counts: RequestCounts, early: Early): void {
  const server = app.getHttpServer() as Server;
  const toApp = server.listeners('request')[0] as RequestListener;
  const trusts = app.getHttpAdapter().getInstance().get('trust proxy fn') as TrustsProxy;
  const onRequest: RequestListener = (request, response) => {
    const served = mayBeEarly(request) ? early(request) : undefined;
    if (!served || counts.take(request, clientAddress({ ip: proxyAddress(request, trusts) })) > 0)
      return toApp(request, response);
    void served(response).then(
      sent => {
        if (!sent) toApp(request, response);
      },
      () => toApp(request, response),
    );
  };
  server.off('request', toApp).on('request', onRequest);
}

const mayBeEarly = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.rawHeaders.length <= 2 * headerLimit && !hasBody(request);

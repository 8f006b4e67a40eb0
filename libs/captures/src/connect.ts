import type { LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { CaptureError } from './errors.js';
import { longestConnectMs } from './limits.js';

/** Looks a name up: every address that it has now. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/**
 * Connects to addresses that are allowed, and to no other. The addresses that a name was resolved to are the ones that are connected
 * to: nothing resolves it a second time. Of a connection that is made, the address at its other end is checked again before anything
 * is sent.
 */
export function checkedConnector(
  allows: (address: string) => boolean,
  resolve: Resolve,
  ca?: string,
): buildConnector.connector {
  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host).then(
      found => {
        const allowed = found.filter(({ address }) => allows(address));
        // One private address among public ones is an attempt at rebinding, or a mistake.
        if (found.length === 0 || allowed.length < found.length)
          callback(new CaptureError(found.length === 0 ? 'capture-unreachable' : 'capture-private'), '', 4);
        else if (options.all) callback(null, allowed);
        else callback(null, allowed[0]!.address, allowed[0]!.family);
      },
      (error: Error) => callback(new CaptureError('capture-unreachable', nameOf(error)), '', 4),
    );
  };
  const connect = buildConnector({
    lookup,
    timeout: longestConnectMs,
    allowH2: false,
    maxCachedSessions: 0,
    // Even where the environment has NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (isAllowed(socket, allows)) return callback(null, socket);
      socket.destroy();
      callback(new CaptureError('capture-private'), null);
    });
  };
}

const isAllowed = ({ remoteAddress }: Socket, allows: (address: string) => boolean): boolean =>
  remoteAddress !== undefined && allows(remoteAddress);

const nameOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.name;

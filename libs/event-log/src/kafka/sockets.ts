import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/**
 * TLS material as PEM: the authority of the server's certificate, if the system does not know it, and our certificate and key if
 * the server asks for one.
 */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Opens a connection and calls `onConnect` once it is established. */
export type Connect = (host: string, port: number, onConnect: () => void, tls?: Tls) => Socket;

type Ask = (host: string, options: LookupOptions & { readonly all: true }) => Promise<LookupAddress[]>;

/**
 * Looks up a host once at a time and gives the answer to all who ask meanwhile. A Node process looks up only two names at once, and a name
 * server may take twenty seconds to answer for a broker that is gone. Without this, each try to reach that broker would occupy a lookup,
 * and the names of the other brokers would wait.
 */
export function oneLookupAtATime(ask: Ask = lookup): LookupFunction {
  const asked = new Map<string, Promise<LookupAddress[]>>();
  return (host, options, callback) => {
    const question = JSON.stringify([host, options.family, options.hints, options.order]);
    const answer = asked.get(question) ?? ask(host, { ...options, all: true }).finally(() => asked.delete(question));
    asked.set(question, answer);
    answer.then(
      found => (options.all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family)),
      (error: Error) => callback(error, []),
    );
  };
}

const lookupOnce = oneLookupAtATime();

const connectDirectly: Connect = (host, port, onConnect, tls) => {
  const to = { host, port, lookup: lookupOnce, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 };
  if (!tls) return connect(to, onConnect);
  return connectSecurely({ ...to, ...(isIP(host) ? {} : { servername: host }), ...tls }, onConnect);
};

/** The sockets of one kafkajs client. They show whether a produce request was sent, and can be closed permanently. */
export class Sockets {
  /** The number of produce requests handed to a socket so far. */
  produced = 0;
  readonly #open = new Set<Socket>();
  readonly #connect: Connect;
  readonly #onOpening: () => void;
  #shut = false;

  /** `onOpening` runs before each new connection. */
  constructor(connect: Connect = connectDirectly, onOpening: () => void = () => undefined) {
    this.#connect = connect;
    this.#onOpening = onOpening;
  }

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.#shut) throw new Error('This client is closed.');
    this.#onOpening();
    const socket = this.#connect(host, port, onConnect, ssl as Tls | undefined);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]) => {
      if (!this.#shut && isProduce(args[0])) this.produced++;
      return write(...args);
    };
    return socket;
  };

  /** Closes every connection permanently: the client can send nothing more, and pending requests fail. */
  shut(): void {
    this.#shut = true;
    for (const socket of this.#open) socket.destroy(new Error('This client is closed.'));
  }
}

/** A request begins with its size (4 bytes) and its API key (2 bytes); Produce is key 0. */
const isProduce = (chunk: unknown) => Buffer.isBuffer(chunk) && chunk.length >= 6 && chunk.readInt16BE(4) === 0;

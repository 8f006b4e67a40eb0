import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** PEM texts: who signed the other end's certificate, where the system does not know; and ours, where it asks for one. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Opens a connection and calls `onConnect` once it stands. */
export type Connect = (host: string, port: number, onConnect: () => void, tls?: Tls) => Socket;

const connectDirectly: Connect = (host, port, onConnect, tls) => {
  const to = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 };
  if (!tls) return connect(to, onConnect);
  return connectSecurely({ ...to, ...(isIP(host) ? {} : { servername: host }), ...tls }, onConnect);
};

/** The sockets of one kafkajs client: they tell whether a produce request has left, and can be shut for good. */
export class Sockets {
  /** How many produce requests were handed to a socket so far. */
  produced = 0;
  readonly #open = new Set<Socket>();
  readonly #connect: Connect;
  readonly #onOpening: () => void;
  #shut = false;

  /** `onOpening` is called whenever a connection is about to be opened. */
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

  /** Breaks every connection; nothing leaves this client any more, and what waits for an answer fails. */
  shut(): void {
    this.#shut = true;
    for (const socket of this.#open) socket.destroy(new Error('This client is closed.'));
  }
}

/** A request begins with its size (4 bytes) and its API key (2 bytes); Produce is key 0. */
const isProduce = (chunk: unknown) => Buffer.isBuffer(chunk) && chunk.length >= 6 && chunk.readInt16BE(4) === 0;

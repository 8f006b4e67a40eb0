import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connect } from '../kafka/sockets.js';

const closedPort = 1;
type Side = 'requests' | 'answers';

/** For tests: a proxy between client and broker that can hold bytes back, be cut, or refuse connections. */
export class ShakyLine {
  refusing = false;
  /** The API key of a request (1 is Fetch): a connection that carries one goes silent. */
  deafTo: number | undefined;
  readonly #held = new Map<Side, (() => void)[]>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer(client => this.#accept(client));

  async open(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Connects to the proxy, and sends it the real address first. */
  readonly connect: Connect = (host, port, onConnect) => {
    const { port: ours } = this.#server.address() as AddressInfo;
    const socket = connect(this.refusing ? closedPort : ours, '127.0.0.1');
    return socket.once('connect', () => {
      socket.write(`${host}:${port}\n`);
      onConnect();
    });
  };

  hold(side: Side): void {
    if (!this.#held.has(side)) this.#held.set(side, []);
  }

  release(): void {
    const held = [...this.#held.values()].flat();
    this.#held.clear();
    for (const deliver of held) deliver();
  }

  /** Drops the held bytes, and stops holding. */
  cut(): void {
    this.#held.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #accept(client: Socket): void {
    this.#track(client);
    client.once('data', greeting => {
      const end = greeting.indexOf('\n');
      const [host, port] = greeting.toString('latin1', 0, end).split(':');
      const broker = connect(Number(port), host);
      this.#track(broker);
      this.#pipe(client, broker, 'requests');
      this.#pipe(broker, client, 'answers');
      if (greeting.length > end + 1) client.emit('data', greeting.subarray(end + 1));
    });
  }

  #pipe(from: Socket, to: Socket, side: Side): void {
    let deaf = false;
    from.on('data', (bytes: Buffer) => {
      deaf ||= side === 'requests' && bytes.length >= 6 && bytes.readInt16BE(4) === this.deafTo;
      if (deaf) return;
      const held = this.#held.get(side);
      if (held) held.push(() => to.write(bytes));
      else to.write(bytes);
    });
    from.on('close', () => to.destroy());
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }
}

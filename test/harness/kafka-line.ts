import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Numbers of Kafka's protocol. */
const produceKey = 0;
const fetchKey = 1;
const keysOfAnswersWithAddresses = [3, 10];

interface Broker {
  readonly host: string;
  readonly port: number;
}

/**
 * A proxy between one app and Kafka that can hold back the log's records, and stop what is written. An app with `brokers` as
 * its setting sends everything through it: in answers with a broker's address (Metadata, FindCoordinator) the proxy puts its
 * own. It knows brokers by the names that they report, and supports neither TLS nor SASL.
 */
export class KafkaLine {
  /** How many more produce requests reach Kafka. Those after them get no answer. */
  writes = Infinity;
  /** Answers held back, in order; undefined while none are. */
  private held: (() => void)[] | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly servers: Server[] = [];
  private readonly addresses: { readonly theirs: Broker; readonly ours: Broker }[] = [];

  private constructor() {}

  /**
   * `brokers`: host:port of each, separated by commas. `front` opens another proxy before this one, to an address of its own: the
   * app is then given the address that it returns.
   */
  static async to(brokers: string, front = async (address: string) => address): Promise<KafkaLine> {
    const line = new KafkaLine();
    for (const address of brokers.split(',')) await line.open(address, front);
    return line;
  }

  /** The app's KAFKA_BROKERS. */
  get brokers(): string {
    return this.addresses.map(({ ours }) => `${ours.host}:${ours.port}`).join();
  }

  /** From now on fetch requests get no answer; produce requests do. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const deliver of held) deliver();
  }

  async close(): Promise<void> {
    const closed = this.servers.map(server => once(server, 'close'));
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private async open(address: string, front: (address: string) => Promise<string>): Promise<void> {
    const theirs = brokerAt(address);
    const server = createServer(app => this.join(app, connect(theirs.port, theirs.host)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
    const ours = brokerAt(await front(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    this.addresses.push({ theirs, ours });
  }

  private join(app: Socket, broker: Socket): void {
    for (const [socket, other] of [
      [app, broker],
      [broker, app],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    // A request starts with its size, its key, its version and its number; an answer with its size and the request's number.
    const keys = new Map<number, number>();
    let reads = false;
    onMessages(app, request => {
      const key = request.readInt16BE(4);
      keys.set(request.readInt32BE(8), key);
      reads ||= key === fetchKey;
      if (key !== produceKey || this.writes-- > 0) broker.write(request);
    });
    onMessages(broker, answer => {
      const number = answer.readInt32BE(4);
      const named = keysOfAnswersWithAddresses.includes(keys.get(number)!);
      keys.delete(number);
      const deliver = () => app.write(named ? this.renamed(answer) : answer);
      if (reads && this.held) this.held.push(deliver);
      else deliver();
    });
  }

  private renamed(answer: Buffer): Buffer {
    let rest = answer.subarray(4);
    for (const { theirs, ours } of this.addresses) rest = replaced(rest, addressBytes(theirs), addressBytes(ours));
    const size = Buffer.alloc(4);
    size.writeInt32BE(rest.length);
    return Buffer.concat([size, rest]);
  }
}

function brokerAt(address: string): Broker {
  const [, host, port] = /^(.+):(\d+)$/.exec(address)!;
  return { host: host!, port: Number(port) };
}

/** Calls back with each complete message, including its size. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

/** The host with its length before it, and the port, as in answers. */
function addressBytes({ host, port }: Broker): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length);
  bytes.write(host, 2, 'latin1');
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}

function replaced(within: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = within.indexOf(from);
  if (at < 0) return within;
  return Buffer.concat([within.subarray(0, at), to, replaced(within.subarray(at + from.length), from, to)]);
}

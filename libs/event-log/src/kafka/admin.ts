import type { Admin } from 'kafkajs';
import { kafkaClient, limits, type KafkaOptions } from './client.js';
import { Sockets } from './sockets.js';
import { settled, within } from './time.js';

interface Line {
  readonly admin: Admin;
  readonly sockets: Sockets;
  readonly connected: Promise<void>;
}

/** An admin connection, opened on demand and discarded after any failure. */
export class KafkaAdmin {
  readonly #options: Omit<KafkaOptions, 'topic'>;
  #line: Line | undefined;

  constructor(options: Omit<KafkaOptions, 'topic'>) {
    this.#options = options;
  }

  async run<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const line = (this.#line ??= this.#connect());
    try {
      return await within(
        limits.request + limits.connect,
        line.connected.then(() => work(line.admin)),
      );
    } catch (error) {
      if (this.#line === line) this.#line = undefined;
      void hangUp(line);
      throw error;
    }
  }

  async close(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    if (line) await hangUp(line);
  }

  #connect(): Line {
    const sockets = new Sockets(this.#options.connect);
    const admin = kafkaClient(this.#options, sockets, { retries: 2, initialRetryTime: 100 }).admin();
    return { admin, sockets, connected: admin.connect() };
  }
}

async function hangUp({ admin, sockets }: Line): Promise<void> {
  await settled(1_000, admin.disconnect());
  sockets.shut();
}

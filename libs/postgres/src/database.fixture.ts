import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement on a separate connection. */
  run(sql: string, values?: unknown[]): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}

/** A new, empty database on the server of DATABASE_URL. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.DATABASE_URL!;
  const name = `pg_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await query(server, `create database ${name}`);
  return {
    url,
    run: (sql, values) => query(url, sql, values),
    drop: async () => void (await query(server, `drop database ${name} with (force)`)),
  };
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

/** Closes every connection of that application, as a stopping server does. */
export const terminate = ({ run }: TestDatabase, application: string) =>
  run('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [application]);

/** Resolves once `reached` returns true; rejects after `ms` milliseconds. */
export async function until(reached: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = performance.now() + ms; !(await reached()); await new Promise(go => setTimeout(go, 10)))
    if (performance.now() > end) throw new Error(`Not reached within ${ms} ms: ${reached}`);
}

/** A proxy to the database that can go silent without closing connections. */
export async function deadlyLine({ url }: TestDatabase) {
  const sockets: Socket[] = [];
  const { hostname, port } = new URL(url);
  const server = createServer(near => {
    const far = connect(Number(port), hostname);
    sockets.push(near, far);
    near.pipe(far).on('error', () => near.destroy());
    far.pipe(near).on('error', () => far.destroy());
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port: ours } = server.address() as AddressInfo;
  const here = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(ours) });
  const die = () => sockets.forEach(socket => socket.unpipe().pause());
  const close = () => {
    sockets.forEach(socket => socket.destroy());
    server.close();
  };
  return { url: here.href, die, close };
}

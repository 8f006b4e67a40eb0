// Runs provision() in a separate process, which a test may kill.
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Services } from './index.js';

export interface Holder {
  readonly services: Pick<Services, 'kafkaBrokers' | 'kafkaUsers' | 'databaseUrl' | 'provisionedBy'>;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Runs provision() until stop(). Kafka has the user `someone`. */
export async function hold(
  dir: string,
  keep: boolean,
  temp = tmpdir(),
  way: Services['provisionedBy'] = 'native',
  more: NodeJS.ProcessEnv = {},
): Promise<Holder> {
  const index = new URL('index.js', import.meta.url).href;
  const program = `
    import { provision } from ${JSON.stringify(index)};
    try {
      const services = await provision({ dataDir: ${JSON.stringify(dir)}, keep: ${keep}, kafkaUsers: ['someone'], report: () => {} });
      const stop = async () => { await services.stop(); await services.stop(); process.exit(0); };
      for (const asked of ['message', 'disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP']) process.once(asked, stop);
      if (process.connected) process.send(services);
      else await stop();
    } catch (error) { process.send({ failed: error.code ?? String(error) }); process.disconnect(); }`;
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _url, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...env, PROVISION: way, TMPDIR: temp, ...more },
  });
  const services = await new Promise<Services & { failed?: string }>((resolve, reject) => {
    child.once('message', message => resolve(message as Services));
    child.once('exit', code => reject(new Error(`the holder ended with ${code}`)));
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  if (services.failed) {
    await ended;
    throw new Error(services.failed);
  }
  const stop = async () => {
    // A process that was killed may have ended before we are told: it needs no message.
    if (child.exitCode === null && child.signalCode === null) child.send('stop', () => undefined);
    await ended;
  };
  return { services, process: child, stop };
}

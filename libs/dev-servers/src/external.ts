import { ProvisioningError } from './errors.js';
import type { Opened } from './way.js';

/** Servers that somebody else runs, named by KAFKA_BROKERS and DATABASE_URL. We neither start nor stop them. */
export function openExternal(env: NodeJS.ProcessEnv): Opened {
  const { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl } = env;
  if (!kafkaBrokers && !databaseUrl) return { lacks: ['KAFKA_BROKERS and DATABASE_URL are not set'] };
  if (!kafkaBrokers || !databaseUrl) {
    throw new ProvisioningError('half-external', `Only ${kafkaBrokers ? 'KAFKA_BROKERS' : 'DATABASE_URL'} is set.`);
  }
  return { start: async () => ({ kafkaBrokers, databaseUrl, stop: async () => {} }) };
}

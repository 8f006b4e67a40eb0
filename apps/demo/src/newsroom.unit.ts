import { expect, test } from '@jest/globals';
import { fetcherEnvironment } from './newsroom.js';

test('the fetcher gets its own settings, and neither servers nor secrets of other apps', () => {
  const own = { PATH: '/bin', CAPTURE_PORTS: '80', FETCHER_SECRET: 's', LOG_LEVEL: 'warn', METRICS_PORT: '0' };
  const others = {
    ...{ KAFKA_BROKERS: 'k:9092', KAFKA_SASL_PASSWORD: 's', DATABASE_URL: 'd', DATABASE_URL_FILE: 'f', LOG_TOPIC: 't' },
    ...{ BLOB_STORE: 'b', KEY_STORE: 'postgres://k', KEY_STORE_FILE: 'f', DEV_KEY_FILE: 'k', OIDC_CLIENT_SECRET: 's' },
    ...{ AWS_SECRET_ACCESS_KEY: 's', STATE_DIR: 'd', JWKS_URL: 'u' },
  };
  expect(fetcherEnvironment({ ...own, ...others })).toEqual(own);
});

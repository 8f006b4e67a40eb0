import { ConfigError, readNamed, type Settings } from './config.js';

/** The settings of every process that speaks to Kafka. */
export const kafkaSettings = [
  'KAFKA_BROKERS',
  'LOG_TOPIC',
  'KAFKA_SECURITY_PROTOCOL',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SSL_CA_FILE',
  'KAFKA_SSL_CERT_FILE',
  'KAFKA_SSL_KEY_FILE',
  'KAFKA_REPLICATION_FACTOR',
] as const satisfies readonly (keyof Settings)[];

export type KafkaSettings = Pick<Settings, (typeof kafkaSettings)[number]>;

/** Where the log is and how its brokers are spoken to. Throws a ConfigError that names what is missing or cannot be read. */
export function logOf(settings: KafkaSettings) {
  const { KAFKA_BROKERS: brokers, LOG_TOPIC: topic, KAFKA_SECURITY_PROTOCOL: protocol } = settings;
  const { KAFKA_REPLICATION_FACTOR: replicationFactor } = settings;
  return {
    brokers,
    topic,
    ...(replicationFactor && { replicationFactor }),
    ...(protocol.endsWith('SSL') && { tls: tlsOf(settings) }),
    ...(protocol.startsWith('SASL') && { sasl: saslOf(settings) }),
  };
}

function tlsOf(settings: KafkaSettings) {
  const pem = (name: 'KAFKA_SSL_CA_FILE' | 'KAFKA_SSL_CERT_FILE' | 'KAFKA_SSL_KEY_FILE') =>
    settings[name] && readNamed(name, settings[name]);
  const [ca, cert, key] = [pem('KAFKA_SSL_CA_FILE'), pem('KAFKA_SSL_CERT_FILE'), pem('KAFKA_SSL_KEY_FILE')];
  if (!cert !== !key) throw new ConfigError('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together.');
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

function saslOf({ KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password }: KafkaSettings) {
  if (!username || !password)
    throw new ConfigError(
      'KAFKA_SECURITY_PROTOCOL asks for SASL: set KAFKA_SASL_USERNAME, and KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE.',
    );
  return { mechanism: KAFKA_SASL_MECHANISM, username, password };
}

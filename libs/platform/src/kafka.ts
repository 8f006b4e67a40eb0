import { z } from 'zod';
import { ConfigError, readNamed, secret, setting, type SettingsOf } from './settings.js';

/** Settings of every process that connects to Kafka. */
export const kafkaSettings = {
  KAFKA_BROKERS: setting(
    z
      .string()
      .regex(/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/, 'must be host:port, several joined by commas')
      .transform(brokers => brokers.split(',')),
    'Kafka brokers of the log: `host:port`, several joined by commas.',
  ),
  LOG_TOPIC: setting(
    z
      .string()
      .regex(/^[a-zA-Z0-9._-]{1,200}$/, 'must be 1 to 200 of a-z, A-Z, 0-9, ".", "_", "-"')
      .default('dateline'),
    'Topic of the log; the visibility log is `<LOG_TOPIC>.visible`.',
  ),
  KAFKA_SECURITY_PROTOCOL: setting(
    z.enum(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']).default('PLAINTEXT'),
    'Kafka’s security protocol; the SASL and SSL settings apply if it names them.',
  ),
  KAFKA_SASL_MECHANISM: setting(
    z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).default('SCRAM-SHA-512'),
    'SASL mechanism.',
  ),
  KAFKA_SASL_USERNAME: setting(z.string().min(1).optional(), 'SASL user name.'),
  KAFKA_SASL_PASSWORD: secret(z.string().min(1).optional(), 'SASL password.'),
  KAFKA_SSL_CA_FILE: setting(
    z.string().optional(),
    'PEM file of the CA that signed the brokers’ certificates, if the system does not trust it.',
  ),
  KAFKA_SSL_CERT_FILE: setting(z.string().optional(), 'PEM file of the client certificate, if brokers require one.'),
  KAFKA_SSL_KEY_FILE: setting(z.string().optional(), 'PEM file of the client certificate’s private key.'),
  KAFKA_REPLICATION_FACTOR: setting(
    z.coerce.number().int().min(1).optional(),
    'Required replication factor of the log; three copies survive the loss of a broker.',
  ),
};

/** The settings of the connection to Kafka, as read. */
export type KafkaSettings = SettingsOf<typeof kafkaSettings>;

/** The location of the log, and how to connect. Throws a ConfigError that names what is missing or unreadable. */
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
  if (!cert !== !key)
    throw new ConfigError('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together. Set both or neither.');
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

function saslOf({ KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password }: KafkaSettings) {
  if (!username || !password)
    throw new ConfigError(
      'KAFKA_SECURITY_PROTOCOL names SASL: set KAFKA_SASL_USERNAME, and KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE.',
    );
  return { mechanism: KAFKA_SASL_MECHANISM, username, password };
}

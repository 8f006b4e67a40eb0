import './kafkajs-patches.js';
import { Kafka, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { Connect, Sockets, Tls } from './sockets.js';

/** The connection to one topic. */
export interface KafkaOptions {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** How many copies the topic must have. With three, two must confirm each record. Default: 1. */
  readonly replicationFactor?: number;
  /** Uses TLS if given. */
  readonly tls?: Tls;
  /** Our identity to the brokers. */
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
  /** Receives kafkajs's log lines, which are otherwise discarded. */
  readonly logger?: (line: KafkaLogLine) => void;
  /** Opens a connection. Default: plain TCP, or TLS if `tls` is given. */
  readonly connect?: Connect;
}

/** A log line of kafkajs. */
export interface KafkaLogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Milliseconds. A whole append ends within `append`; a request within `request`. */
export const limits = { connect: 2_000, request: 4_000, append: 5_000, close: 5_000 } as const;

/**
 * The longest time in milliseconds from the call of an append until its record may enter the log: the broker may work for `request` on
 * a request that left at the end of `append`.
 */
export const longestAppendMs = limits.append + limits.request;

const levels = {
  [logLevel.NOTHING]: 'debug',
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
} as const;

/** Creates a kafkajs client that connects through `sockets`. */
export function kafkaClient(options: Omit<KafkaOptions, 'topic'>, sockets: Sockets, retry: RetryOptions): Kafka {
  return new Kafka({
    clientId: 'dateline',
    brokers: [...options.brokers],
    connectionTimeout: limits.connect,
    requestTimeout: limits.request,
    socketFactory: sockets.factory,
    ...(options.tls && { ssl: options.tls }),
    ...(options.sasl && {
      sasl: { ...options.sasl, mechanism: options.sasl.mechanism.toLowerCase() } as SASLOptions,
      authenticationTimeout: limits.request,
    }),
    retry,
    logLevel: options.logger ? logLevel.INFO : logLevel.NOTHING,
    logCreator:
      () =>
      ({ level, log: { message, ...details } }) =>
        options.logger?.({ level: levels[level], message, details }),
  });
}

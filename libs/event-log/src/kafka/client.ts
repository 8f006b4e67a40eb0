import './control-records.js';
import './record-headers.js';
import './request-queue.js';
import { Kafka, logLevel, type RetryOptions, type SASLOptions } from 'kafkajs';
import type { Connect, Sockets, Tls } from './sockets.js';

export interface KafkaOptions {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Speaks TLS where given. */
  readonly tls?: Tls;
  /** Who we say that we are. */
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  };
  /** Gets what kafkajs has to say, which otherwise goes nowhere. */
  readonly logger?: (line: KafkaLogLine) => void;
  /** How to open a connection; a plain TCP connection where not given. */
  readonly connect?: Connect;
}

export interface KafkaLogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Milliseconds. A whole append ends within `append`; a request within `request`. */
export const limits = { connect: 2_000, request: 4_000, append: 5_000, close: 5_000 } as const;

/**
 * Milliseconds from the call of an append until its record stands in the log, at most: a request that left in the last moment of
 * `append` is worked on by the broker for as long as `request` says.
 */
export const longestAppendMs = limits.append + limits.request;

const levels = {
  [logLevel.NOTHING]: 'debug',
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
} as const;

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

import type { BlobSettings } from '#blobs';
import { kafkaReader, type LogAppender, type LogReader, type LogRecord } from '#event-log';
import { openKeyStore } from '#keys';
import { openPool } from '#postgres';
import { closeVisibilityLog, openVisibilityLog, projections, type Projection } from '#projections';
import { Status } from './loop/status.js';
import { supervise } from './loop/supervise.js';
import { PicturePublisher } from './pictures/publisher.js';
import { brokers } from './servers.fixture.js';

/** The log and the database of a test projector. */
export interface Where {
  readonly topic: string;
  readonly databaseUrl: string;
}

/** Options of a test projector. */
export interface How {
  readonly made?: readonly Projection[];
  readonly batchSize?: number;
  /** See `FoldOptions`. */
  readonly leftMs?: number;
  /** See `ReaderOptions`. Default: never. */
  readonly settingsCheckMs?: number;
  /** What this version reads of each record. Default: the record. */
  readonly reads?: (record: LogRecord) => LogRecord;
  /** The store of pictures. Default: none. */
  readonly blobs?: BlobSettings;
  /** Wraps the appender of the visibility log, to disturb it. */
  readonly send?: (appender: LogAppender) => LogAppender;
}

/** A projector's supervised loop, as its process runs it. */
export interface Running {
  readonly status: Status;
  readonly warnings: string[];
  readonly reader: LogReader;
  /** Resolves to the error that ended the loop; undefined after a stop. */
  readonly ended: Promise<Error | undefined>;
  /** Stops the loop and waits for its end. */
  stop(): Promise<Error | undefined>;
  /** Stops the loop and closes its connections. */
  close(): Promise<void>;
}

export function runProjector({ topic, databaseUrl }: Where, how: How = {}): Running {
  const {
    made = projections,
    batchSize = 10,
    leftMs,
    settingsCheckMs,
    blobs,
    send = appender => appender,
    reads,
  } = how;
  const status = new Status();
  const warnings: string[] = [];
  const pool = openPool(databaseUrl, { application: 'projector', max: 4 });
  const keys = openKeyStore({ DATABASE_URL: databaseUrl });
  const log = { brokers, topic };
  const kafka = kafkaReader({ ...log, ...(settingsCheckMs !== undefined && { settingsCheckMs }) });
  const reader = reads ? readingAs(kafka, reads) : kafka;
  const opened = openVisibilityLog(log);
  const visibilityLog = { ...opened, appender: send(opened.appender) };
  const abort = new AbortController();
  const said = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  const pictures = blobs && new PicturePublisher(pool, blobs, said);
  const stores = { pool, keys, reader, visibilityLog, projections: made };
  const loop = { ...stores, batchSize, leftMs, status, pictures, databaseUrl, log: said };
  const ended = supervise(loop, abort.signal).then(
    () => undefined,
    (error: Error) => error,
  );
  const stop = () => (abort.abort(), ended);
  const close = async () => {
    await stop();
    await Promise.all([reader.close(), closeVisibilityLog(opened), keys.close(), pictures?.close(), pool.end()]);
  };
  return { status, warnings, reader, ended, stop, close };
}

const readingAs = (reader: LogReader, reads: (record: LogRecord) => LogRecord): LogReader => ({
  read: (from, onBatch, signal) => reader.read(from, records => onBatch(records.map(reads)), signal),
  bounds: () => reader.bounds(),
  close: () => reader.close(),
});

// The worker runs the files of this folder alone (see package.json, imports), so they import only types, and one another by these names.
import type { RecordingErrorCode } from '../errors.js';

/** The bytes of a file, read where they are needed. */
export interface Bytes {
  readonly size: number;
  /** The bytes from `start`, at most `length`: fewer where the file ends. */
  read(start: number, length: number): Promise<Buffer>;
}

/**
 * A change that moves nothing: from `at`, the bytes of `head` (in hex), then `zeros` zero bytes. So a part of the file that holds a place
 * or other words becomes one that holds nothing.
 */
export interface Patch {
  readonly at: number;
  readonly head: string;
  readonly zeros: number;
}

/** The file is refused. */
export class Fault extends Error {
  readonly code: RecordingErrorCode;
  readonly detail: string;

  // Node runs this file from the sources, and knows no properties among parameters.
  constructor(code: RecordingErrorCode, detail: string) {
    super(detail);
    this.code = code;
    this.detail = detail;
  }
}

/** The most parts of a file that are looked at: a hostile file has millions. */
const mostSteps = 3_000_000;

/** Throws when a file has more parts than any that a camera or a program makes. */
export function counting(): () => void {
  let steps = 0;
  return () => {
    if (++steps > mostSteps) throw new Fault('recording-broken', 'it has too many parts');
  };
}

/** Names of formats that a file must not be as well: programs look for them near its ends. */
const zipEnd = Buffer.from('504b050600000000', 'hex');
const markup = /<(?:script|html|iframe)[\s>/]|<\?php|<!doctype/i;
const lookAt = 65_557;

/** Throws if programs would take the file for an archive, a document or a page too. */
export async function refuseOtherFormats(bytes: Bytes): Promise<void> {
  const head = await bytes.read(0, lookAt);
  const tail = await bytes.read(Math.max(0, bytes.size - lookAt), lookAt);
  if (tail.includes(zipEnd)) throw new Fault('recording-mixed', 'it is a ZIP archive too');
  if (head.subarray(0, 1_024).includes('%PDF-')) throw new Fault('recording-mixed', 'it is a PDF too');
  const found = (markup.exec(head.toString('latin1')) ?? markup.exec(tail.toString('latin1')))?.[0];
  if (found) throw new Fault('recording-mixed', `it holds ${found.trim().slice(0, 12)} too`);
}

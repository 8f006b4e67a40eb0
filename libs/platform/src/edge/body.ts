import { raw, type Request, type Response } from 'express';
import { invalid, Problem } from '../problem.js';

/** The largest body in bytes, after decompression. */
export const bodyLimit = 262_144;

/** The deepest nesting of a body. */
export const depthLimit = 32;

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Property names that every object inherits. Validators and code that merges objects might miss them. */
const isInherited = (key: string) => key in Object.prototype;

interface Fault {
  readonly path: string[];
  readonly message: string;
}

/** The fields of one object that schemas would miss. */
export const inheritedKeys = (value: object): Fault[] =>
  Object.keys(value)
    .filter(isInherited)
    .map(key => ({ path: [key], message: 'unknown field; remove it' }));

const within = (step: string, { path, message }: Fault): Fault => ({ path: [step, ...path], message });

/**
 * Checks a body's shape before any schema does: nesting depth and inherited names. Returns the first fault. It visits each value once
 * and builds a path only for a fault; `levels` bounds its recursion.
 */
export function misshapen(value: unknown, levels = depthLimit, left = levels): Fault | undefined {
  if (!isHolder(value)) return undefined;
  if (left === 0) return { path: [], message: `must be nested at most ${levels} levels deep` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = misshapen(value[index], levels, left - 1);
      if (fault) return within(String(index), fault);
    }
    return undefined;
  }
  const [inherited] = inheritedKeys(value);
  if (inherited) return inherited;
  for (const [key, inner] of Object.entries(value)) {
    const fault = misshapen(inner, levels, left - 1);
    if (fault) return within(key, fault);
  }
  return undefined;
}

const notJson = () =>
  new Problem(415, 'not-json', 'The body must be JSON: send it with Content-Type: application/json.');
const formType = 'application/x-www-form-urlencoded';
const notForm = () =>
  new Problem(415, 'not-a-form', `The body must be a form: send it with Content-Type: ${formType}.`);
const otherCharset = (charset: string) =>
  new Problem(415, 'not-utf-8', `The body must be UTF-8, not ${charset.slice(0, 40)}. Send it without a charset.`);
const notUtf8 = () =>
  new Problem(400, 'not-utf-8', 'The body is not UTF-8. Encode the text as UTF-8 and send it again.');

const charsetIn = (contentType: string) => /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];

/** Whether the request has a body; an empty one counts as none. */
export const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || !/^0*$/.test(headers['content-length'] ?? '');

/** Reads and decompresses the body; rejects with a Problem that names the fault. */
const readBytes = raw({ type: () => true, limit: bodyLimit });

const tooLarge = () => new Problem(413, 'body-too-large', 'The body must be at most 256 KiB.', { limit: bodyLimit });

async function bytesOf(request: Request, response: Response): Promise<Buffer | undefined> {
  // The parser refuses a body only after the client has sent all of it.
  if (Number(request.headers['content-length']) > bodyLimit) throw tooLarge();
  return new Promise((resolve, reject) => {
    readBytes(request, response, (error?: unknown) =>
      error ? reject(unreadable(error)) : resolve(request.body as Buffer | undefined),
    );
    // It is as late with a body of unknown length.
    let received = 0;
    request.on('data', ({ length }: Buffer) => {
      received += length;
      if (received > bodyLimit) reject(tooLarge());
    });
  });
}

function unreadable(error: unknown): unknown {
  const { status, message } = error as { status?: number; message?: string };
  if (status === 413) return tooLarge();
  if (status === 415) return new Problem(415, 'unsupported-encoding', `The body cannot be decompressed: ${message}.`);
  return status === 400 ? new Problem(400, 'bad-request', `The request cannot be read: ${message}.`) : error;
}

// Fatal, because replacing bad bytes by U+FFFD would record two different bodies as the same text. Removes a BOM.
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw notUtf8();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(400, 'bad-request', `The request cannot be read: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** The bytes of a body of this type; undefined if there is none. Throws a Problem. */
async function bytesIn(request: Request, response: Response, type: string, other: () => Problem) {
  const given = request.headers['content-type'] ?? '';
  const [named = ''] = given.split(';');
  if (named.trim().toLowerCase() !== type) throw other();
  const charset = charsetIn(given);
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') throw otherCharset(charset);
  const bytes = await bytesOf(request, response);
  return bytes?.length ? bytes : undefined;
}

/** The fields of a form, for a route that another system posts a form to. Throws a Problem if it is no form, or names a field twice. */
export async function readForm(request: Request, response: Response): Promise<Readonly<Record<string, string>>> {
  const bytes = await bytesIn(request, response, formType, notForm);
  const fields = [...new URLSearchParams(bytes ? decoded(bytes) : '')];
  const names = fields.map(([name]) => name);
  const fault = names.find((name, at) => isInherited(name) || names.indexOf(name) !== at);
  if (fault !== undefined) throw invalid([{ path: [fault], message: 'unknown or repeated field; remove it' }]);
  return Object.fromEntries(fields);
}

/** The body as JSON; undefined if there is none. Throws a Problem if it is not UTF-8, not JSON or badly shaped. */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const bytes = await bytesIn(request, response, 'application/json', notJson);
  if (!bytes) return undefined;
  const body = parsed(decoded(bytes));
  const fault = misshapen(body);
  if (fault) throw invalid([{ ...fault, path: fault.path.slice(0, 8) }]);
  return body;
}

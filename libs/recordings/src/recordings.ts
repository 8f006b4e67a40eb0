import { programFile } from '#checkout';
import {
  captionsType,
  largestCaptions,
  largestRecording,
  longestRecordingMs,
  longestVideoSide,
  recordingTypes,
} from '#domain';
import { guarded, Turns, WorkEnded, type WorkBounds } from '#pictures';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { RecordingError, recordingErrors, type RecordingErrorCode } from './errors.js';
import * as limits from './limits.js';
import type { Patch } from './walk/bytes.js';

/** A file in pieces of `pieceBytes`, the last one shorter: none of its readers holds all of it. */
export interface Pieces {
  readonly size: number;
  piece(number: number): Promise<Uint8Array>;
}

/** What the sender says of a file. Neither is needed, and neither is believed: a contradiction refuses it. */
export interface Named {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
}

const patch = z.strictObject({
  at: z.int().min(0),
  head: z.string().regex(/^([0-9a-f]{2}){0,16}$/),
  zeros: z.int().min(0).max(largestRecording),
});
const side = z.int().min(1);
const recording = z.strictObject({
  type: z.enum(recordingTypes),
  lasts: z.int().min(0),
  width: side.optional(),
  height: side.optional(),
  patches: z.array(patch).max(limits.mostPatches),
});
const captions = z.strictObject({ captions: z.string().min(1) });
const refusal = z.strictObject({
  refused: z.enum(Object.keys(recordingErrors) as [RecordingErrorCode]),
  detail: z.string().max(300).optional(),
});
const line = z.union([
  z.strictObject({ piece: z.int().min(0) }),
  z.strictObject({ answer: z.union([refusal, captions, recording]) }),
]);

/** A recording that can be kept. `patches` blank what readers must not get, without moving a byte. */
export type Judged = Readonly<z.infer<typeof recording>>;
/** Captions that can be kept, as WebVTT of times and words alone. */
export type JudgedCaptions = Readonly<z.infer<typeof captions>>;

/** Judges recordings and captions, each in a process that is killed when it takes too much. */
export interface Recordings {
  /** Rejects with a RecordingError; nothing was then written anywhere. */
  judge(file: Pieces, named?: Named): Promise<Judged | JudgedCaptions>;
  /** Kills what is running; those files are refused with `recordings-busy`. */
  close(): Promise<void>;
}

const program = programFile('libs/recordings/src/worker/main');
const heapMb = 200;
const usual = {
  ms: limits.longestWorkMs,
  memory: limits.workMemory,
  atOnce: limits.atOnce,
  waiting: limits.mostWaiting,
};

/** Opens a queue of recordings for this process. */
export function openRecordings(
  bounds: WorkBounds & { readonly atOnce: number; readonly waiting: number } = usual,
): Recordings {
  const turns = new Turns(bounds);
  return {
    async judge(file, named = {}) {
      if (file.size > largestRecording) throw new RecordingError('recording-too-large', `this one has ${file.size}`);
      const work = (stop: AbortSignal) => workOn(file, bounds, stop);
      const judged = await turns.take(work, () => new RecordingError('recordings-busy'));
      if (!('captions' in judged)) checkBounds(judged, file.size);
      checkNamed('captions' in judged ? captionsType : judged.type, named);
      return judged;
    },
    close: () => turns.close(),
  };
}

async function workOn(file: Pieces, bounds: WorkBounds, stop: AbortSignal): Promise<Judged | JudgedCaptions> {
  if (stop.aborted) throw new RecordingError('recordings-busy', 'the server is stopping');
  const given = { size: file.size, pieceBytes: limits.pieceBytes, codecs: limits.codecs, largestCaptions };
  const args = [`--max-old-space-size=${heapMb}`, program, JSON.stringify(given)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { MALLOC_ARENA_MAX: '2' } });
  const count = Math.ceil(file.size / limits.pieceBytes);
  let reads = limits.readsForPiece * count + limits.readsBesides;
  let answer: z.infer<typeof line> | undefined;
  let failed: unknown;
  const work = (wrong: () => void) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > limits.longestLine) return wrong();
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const told = line.safeParse(jsonOf(text.slice(0, end))).data;
        text = text.slice(end + 1);
        if (!told || answer) return wrong();
        if ('answer' in told) {
          answer = told;
          continue;
        }
        if (told.piece >= count || reads-- <= 0) return wrong();
        file.piece(told.piece).then(
          piece => void child.stdin.write(piece),
          error => {
            failed = error;
            wrong();
          },
        );
      }
    });
  };
  await guarded(child, bounds, stop, work).catch(error => {
    throw failed ?? refused(error);
  });
  if (!answer || !('answer' in answer)) throw broke();
  const { answer: judged } = answer;
  if ('refused' in judged) throw new RecordingError(judged.refused, judged.detail);
  return judged;
}

/** The process reads hostile files, so what it answers is compared with what there can be. */
function checkBounds({ lasts, width, height, type, patches }: Judged, size: number): void {
  if (lasts < 1) throw new RecordingError('recording-tracks', 'it lasts no time');
  if (lasts > longestRecordingMs) throw new RecordingError('recording-too-long', `this one lasts ${clock(lasts)}`);
  if (Math.max(width ?? 1, height ?? 1) > longestVideoSide)
    throw new RecordingError('recording-too-wide', `${width} × ${height}`);
  if (type.startsWith('video/') !== (width !== undefined && height !== undefined)) throw broke();
  let at = 0;
  for (const each of patches.toSorted((a, b) => a.at - b.at)) {
    if (each.at < at) throw broke();
    at = each.at + each.head.length / 2 + each.zeros;
  }
  if (at > size) throw broke();
}

const clock = (ms: number) => `${(ms / 3_600_000).toFixed(1)} hours`;
const broke = () => new RecordingError('recording-broken', 'it broke the process that reads recordings');

function refused(error: unknown): unknown {
  if (!(error instanceof WorkEnded)) return error;
  return {
    slow: () => new RecordingError('recording-too-slow'),
    hungry: () => new RecordingError('recording-too-hungry'),
    stopped: () => new RecordingError('recordings-busy', 'the server is stopping'),
    wrong: broke,
    broken: broke,
  }[error.why]();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const extensions: Readonly<Record<string, string>> = {
  mp4: 'mp4',
  m4v: 'mp4',
  m4a: 'mp4',
  webm: 'webm',
  weba: 'webm',
  mp3: 'mpeg',
  vtt: 'vtt',
};
const kinds: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'audio/mp4': 'mp4',
  'video/x-m4v': 'mp4',
  'audio/x-m4a': 'mp4',
  'audio/m4a': 'mp4',
  'video/webm': 'webm',
  'audio/webm': 'webm',
  'audio/mpeg': 'mpeg',
  'audio/mp3': 'mpeg',
  'text/vtt': 'vtt',
};

function checkNamed(found: string, { name, type }: Named): void {
  const said = type?.split(';')[0]!.trim().toLowerCase();
  if (said && said !== 'application/octet-stream' && kinds[said] !== kinds[found])
    throw new RecordingError('recording-misnamed', `it is ${found}, but was sent as ${said.slice(0, 100)}`);
  const end = /\.([^./\\]+)$/.exec(name ?? '')?.[1]?.toLowerCase();
  if (end !== undefined && extensions[end] !== kinds[found])
    throw new RecordingError('recording-misnamed', `it is ${found}, but its name ends in .${end.slice(0, 20)}`);
}

/** How WebM, MP3, WebVTT and formats that are refused begin. */
const heads = [
  ...['\u001aE\u00df\u00a3', 'ID3', 'WEBVTT', '\u00ef\u00bb\u00bfWEBVTT'],
  ...['OggS', 'fLaC', 'FLV', 'G@', '\0\0\u0001\u00ba'],
];

/** Whether a file that begins so is to be judged as a recording or as captions, and not as a picture. */
export function isRecordingHead(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16)).toString('latin1');
  if (text.slice(4, 8) === 'ftyp') return !/^(avi[fs]|hei[cfxms]|hev[cxms]|mif1|msf1)/.test(text.slice(8));
  if (heads.some(each => text.startsWith(each))) return true;
  if (text.startsWith('RIFF')) return ['WAVE', 'AVI '].includes(text.slice(8, 12));
  return head[0] === 0xff && (head[1]! & 0xe0) === 0xe0;
}

/** The pieces with the patches applied, each as it is read. */
export function patched(file: Pieces, patches: readonly Patch[]): Pieces {
  const { pieceBytes } = limits;
  return {
    size: file.size,
    async piece(number) {
      const bytes = Buffer.from(await file.piece(number));
      const from = number * pieceBytes;
      for (const { at, head, zeros } of patches) {
        if (at >= from + bytes.length || at + head.length / 2 + zeros <= from) continue;
        const written = Buffer.from(head, 'hex');
        for (const [n, byte] of written.entries()) {
          const where = at + n - from;
          if (where >= 0 && where < bytes.length) bytes[where] = byte;
        }
        const begin = at + written.length - from;
        if (begin < bytes.length && begin + zeros > 0)
          bytes.fill(0, Math.max(0, begin), Math.min(bytes.length, begin + zeros));
      }
      return bytes;
    },
  };
}

/** All bytes of a file, piece after piece. */
export async function* bytesIn(file: Pieces): AsyncGenerator<Uint8Array> {
  for (let number = 0; number * limits.pieceBytes < file.size; number++) yield await file.piece(number);
}

/** A file that is in memory. */
export const inMemory = (bytes: Uint8Array): Pieces => ({
  size: bytes.length,
  piece: async number => bytes.subarray(number * limits.pieceBytes, (number + 1) * limits.pieceBytes),
});

import { Fault, type Bytes } from '#recordings/walk/bytes';
import webvtt from 'webvtt-parser';

/**
 * The captions with their times and words alone, as WebVTT: comments, styles and positions are left out, since nobody sees the first and
 * the page decides the others. Throws a Fault that names the line which is wrong.
 */
export async function readCaptions(bytes: Bytes): Promise<string> {
  const text = decoded(await bytes.read(0, bytes.size));
  const { cues, errors } = new webvtt.WebVTTParser().parse(text, 'captions');
  const [wrong] = errors;
  if (wrong) throw new Fault('captions-broken', `line ${wrong.line}: ${wrong.message}`);
  if (cues.length === 0) throw new Fault('captions-broken', 'it has no captions');
  const told = cues.map(
    ({ startTime, endTime, text: words }) => `${clock(startTime)} --> ${clock(endTime)}\n${words}\n`,
  );
  return ['WEBVTT\n', ...told].join('\n');
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('captions-broken', 'it is not UTF-8');
  }
}

function clock(seconds: number): string {
  const ms = Math.round(seconds * 1_000);
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(hours)}:${two(minutes)}:${two(Math.floor(ms / 1_000) % 60)}.${String(ms % 1_000).padStart(3, '0')}`;
}

import { CaptureProofs } from '#captures/ask';
import type { CapturedPage, SentCapture } from '#domain';

/** The newsroom's settings that the acts need: captures of pages are proven by this secret. */
export const actsEnv = { FETCHER_SECRET: 'the secret of the acts, long enough' };

/** A page, and what it says when it is captured again. */
export function captures() {
  const proofs = new CaptureProofs(actsEnv.FETCHER_SECRET);
  const [url, sources] = ['https://news.example/talks', ['html' as const]];
  const first = proofs.proven({ url, title: 'Talks go on', sources }, '2026-08-15T14:05:00Z');
  const { url: _, ...again } = proofs.proven({ url, title: 'Talks end', sources }, '2026-08-15T16:20:00Z');
  const gone = proofs.gone(url, '2026-08-15T17:00:00Z');
  return { first, again: { ...first, again }, gone: { ...first, again: gone } };
}

const page: CapturedPage = {
  url: 'https://news.example/talks',
  answeredBy: 'https://news.example/talks/1',
  title: 'Talks go on',
  author: 'A. Writer',
  site: 'Example News',
  published: '2026-08-15T14:00:00Z',
  text: 'They left at six.',
  sha256: 'ab'.repeat(32),
  sources: ['oembed', 'open-graph', 'schema.org', 'html'],
};

/** What was kept of the page's picture. */
type Pictured = Pick<SentCapture, 'picture' | 'noPicture'>;

/** A page of this title, captured at an instant. No fetcher is needed: the newsroom knows a capture by its proof. */
export const captured = (title: string, at: string, pictured: Pictured = {}) =>
  new CaptureProofs(actsEnv.FETCHER_SECRET).proven({ ...page, title, ...pictured }, at);

/** The page of `captured`, captured again. */
export function capturedAgain(title: string, at: string, pictured: Pictured) {
  const { url: _, ...again } = captured(title, at, pictured);
  return again;
}

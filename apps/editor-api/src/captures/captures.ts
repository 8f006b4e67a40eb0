import { BlobError } from '#blobs';
import { CaptureError, CaptureProofs, remoteCaptures, type CaptureErrorCode, type Fetcher } from '#captures/ask';
import { CapturedPage, type IsProven, type NoPicture, type SentCapture, type SentCapturedAgain } from '#domain';
import { KeyStoreError } from '#keys';
import { PictureError } from '#pictures';
import { ConfigError, Problem } from '#platform';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the fetcher is, and its secret. */
export interface FetcherSettings {
  readonly FETCHER_URL?: string | undefined;
  readonly FETCHER_SECRET?: string | undefined;
}

type Pictured = Pick<SentCapture, 'picture' | 'noPicture'>;
type PagePicture = NonNullable<SentCapture['picture']>;
/** Judges the bytes of a page's picture and keeps them. */
export type KeepPicture = (bytes: Buffer) => Promise<PagePicture>;

/** The time to judge and store a page's picture, in milliseconds: a capture answers within a request's time. */
const longestKeepMs = 4_000;

const reasons: Partial<Record<CaptureErrorCode, NoPicture>> = {
  'capture-gone': 'gone',
  'capture-too-large': 'too-large',
  'capture-type': 'unreadable',
  'captures-busy': 'not-kept',
  'fetcher-unreachable': 'not-kept',
};
const busy = 'pictures-busy';

/** Why a picture was not kept; undefined if something of ours is wrong that nobody foresaw. */
function reasonOf(error: unknown): NoPicture | undefined {
  if (error instanceof CaptureError) return reasons[error.code] ?? 'not-given';
  if (error instanceof PictureError) return error.code === busy ? 'not-kept' : 'unreadable';
  return error instanceof BlobError || error instanceof KeyStoreError || error instanceof Problem
    ? 'not-kept'
    : undefined;
}

const toSecond = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;

/** Captures pages by the newsroom's fetcher, and proves that it did. */
export class LinkCaptures {
  constructor(
    private readonly fetcher?: Fetcher,
    private readonly proofs?: CaptureProofs,
  ) {}

  /** Of the newsroom's settings. Throws a ConfigError where a URL comes without a secret. */
  static of({ FETCHER_URL: url, FETCHER_SECRET: secret }: FetcherSettings): LinkCaptures {
    if (url !== undefined && secret === undefined)
      throw new ConfigError(
        'FETCHER_URL is set, but FETCHER_SECRET is not. Set it, or FETCHER_SECRET_FILE, as the fetcher’s.',
      );
    const proofs = secret === undefined ? undefined : new CaptureProofs(secret);
    return new LinkCaptures(url === undefined ? undefined : remoteCaptures(url, secret!), proofs);
  }

  /** Whether the newsroom has a fetcher. */
  get configured(): boolean {
    return this.fetcher !== undefined && this.proofs !== undefined;
  }

  /** Captures a page now, and its picture with `keep` if that can be done. Rejects with a CaptureError. */
  async capture(url: string, now: Date, keep?: KeepPicture): Promise<SentCapture> {
    if (!this.fetcher || !this.proofs) throw new CaptureError('no-fetcher');
    const { picture, alt, ...page } = await this.fetcher.capture(url);
    const pictured = await this.pictured(picture, keep);
    const described = pictured.picture && alt !== undefined ? { picture: { ...pictured.picture, alt } } : pictured;
    return this.proofs.proven({ ...CapturedPage.parse(page), ...described }, toSecond(now));
  }

  /** Keeps the picture at this address. If that fails it resolves to the reason, and the page is captured without a picture. */
  private async pictured(address: string | undefined, keep: KeepPicture | undefined): Promise<Pictured> {
    if (address === undefined) return { noPicture: 'none' };
    if (!keep) return { noPicture: 'not-kept' };
    const over = new AbortController();
    try {
      const bytes = await this.fetcher!.picture(address);
      const late = sleep(longestKeepMs, undefined, { signal: over.signal }).catch(() => undefined);
      const picture = await Promise.race([keep(bytes), late]);
      return picture ? { picture } : { noPicture: 'not-kept' };
    } catch (error) {
      const noPicture = reasonOf(error);
      if (!noPicture) throw error;
      return { noPicture };
    } finally {
      over.abort();
    }
  }

  /** Captures a page again: what it says now, or that its site says it is gone. Rejects with a CaptureError for any other reason. */
  async captureAgain(url: string, now: Date, keep?: KeepPicture): Promise<SentCapturedAgain> {
    try {
      const { url: _, ...page } = await this.capture(url, now, keep);
      return page;
    } catch (error) {
      if (!(error instanceof CaptureError) || error.code !== 'capture-gone') throw error;
      return this.proofs!.gone(url, toSecond(now));
    }
  }

  /** Whether this newsroom made the capture. Without a secret nobody knows, so none is. */
  readonly isProven: IsProven = capture => this.proofs?.isProven(capture) ?? false;
}

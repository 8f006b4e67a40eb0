import { CaptureError, CaptureProofs, remoteCaptures, type Fetcher } from '#captures/ask';
import { CapturedPage, type Capture, type CapturedAgain, type IsProven } from '#domain';
import { ConfigError } from '#platform';

/** Where the fetcher is, and its secret. */
export interface FetcherSettings {
  readonly FETCHER_URL?: string | undefined;
  readonly FETCHER_SECRET?: string | undefined;
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

  /** Captures a page now. Rejects with a CaptureError. */
  async capture(url: string, now: Date): Promise<Capture> {
    if (!this.fetcher || !this.proofs) throw new CaptureError('no-fetcher');
    const page = CapturedPage.parse(await this.fetcher.capture(url));
    return this.proofs.proven(page, toSecond(now));
  }

  /** Captures a page again: what it says now, or that its site says it is gone. Rejects with a CaptureError for any other reason. */
  async captureAgain(url: string, now: Date): Promise<CapturedAgain> {
    try {
      const { url: _, ...page } = await this.capture(url, now);
      return page;
    } catch (error) {
      if (!(error instanceof CaptureError) || error.code !== 'capture-gone') throw error;
      return this.proofs!.gone(url, toSecond(now));
    }
  }

  /** Whether this newsroom made the capture. Without a secret nobody knows, so none is. */
  readonly isProven: IsProven = capture => this.proofs?.isProven(capture) ?? false;
}

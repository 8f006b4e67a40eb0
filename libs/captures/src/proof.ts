import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CapturedPage, ProvenCapture, SentCapture, SentCapturedAgain } from '#domain';

/** A page as it was fetched, and the picture that was kept of it. */
type Fetched = CapturedPage & Pick<SentCapture, 'picture' | 'noPicture'>;

/** Proves captures with a key that is derived from the newsroom's secret, and checks proofs. */
export class CaptureProofs {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'dateline capture', 32));
  }

  /** The page as captured at this moment (ISO 8601, UTC, to the second), with its proof. */
  proven({ picture, ...page }: Fetched, at: string): SentCapture {
    const captured = { ...page, at };
    const { ticket: _, ...shown } = picture ?? {};
    const proof = this.of({ ...captured, ...(picture && { picture: shown as typeof picture }) }).toString('base64url');
    return { ...captured, ...(picture && { picture }), proof };
  }

  /** That the page at this address was gone at this moment, with its proof. */
  gone(url: string, at: string): SentCapturedAgain {
    return { gone: true, at, proof: this.of({ url, gone: true, at }).toString('base64url') };
  }

  /** Whether this newsroom made the capture, and nobody changed it. */
  readonly isProven = ({ proof, ...captured }: ProvenCapture): boolean =>
    timingSafeEqual(this.of(captured), Buffer.from(proof, 'base64url').subarray(0, 32));

  private of(captured: Omit<ProvenCapture, 'proof'>): Buffer {
    return createHmac('sha256', this.key).update(canonicalize(captured)!).digest();
  }
}

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Capture, CapturedAgain, CapturedPage, ProvenCapture } from '#domain';

/** Proves captures with a key that is derived from the newsroom's secret, and checks proofs. */
export class CaptureProofs {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'dateline capture', 32));
  }

  /** The page as captured at this moment (ISO 8601, UTC, to the second), with its proof. */
  proven(page: CapturedPage, at: string): Capture {
    const captured = { ...page, at };
    return { ...captured, proof: this.of(captured).toString('base64url') };
  }

  /** That the page at this address was gone at this moment, with its proof. */
  gone(url: string, at: string): CapturedAgain {
    return { gone: true, at, proof: this.of({ url, gone: true, at }).toString('base64url') };
  }

  /** Whether this newsroom made the capture, and nobody changed it. */
  readonly isProven = ({ proof, ...captured }: ProvenCapture): boolean =>
    timingSafeEqual(this.of(captured), Buffer.from(proof, 'base64url').subarray(0, 32));

  private of(captured: Omit<ProvenCapture, 'proof'>): Buffer {
    return createHmac('sha256', this.key).update(canonicalize(captured)!).digest();
  }
}

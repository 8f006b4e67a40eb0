import { CaptureError, longestAddress, type Capture, type CaptureErrorCode, type Captures } from '#captures';
import { Problem } from '#platform';
import { Body, Controller, Headers, HttpCode, Inject, Post, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Injects what makes captures. */
export const CAPTURES = Symbol('captures');
/** Injects the secret of those who may ask. */
export const SECRET = Symbol('secret');

const Asked = z.strictObject({ url: z.string().max(longestAddress) });

/** The status of each refusal; 422 where the address is at fault. */
const statuses: Partial<Record<CaptureErrorCode, number>> = { 'captures-busy': 503 };

const digestOf = (text: string) => createHash('sha256').update(text).digest();

@ApiExcludeController()
@Controller('captures')
/** Captures a page for the editor-api, and for nobody else. */
export class CapturesController {
  private readonly expected: Buffer;

  constructor(
    @Inject(CAPTURES) private readonly captures: Captures,
    @Inject(SECRET) secret: string,
  ) {
    this.expected = digestOf(`Bearer ${secret}`);
  }

  @Post()
  @HttpCode(200)
  async capture(
    @Headers('authorization') authorization: string | undefined,
    @Body({ schema: Asked }) { url }: z.infer<typeof Asked>,
  ): Promise<Capture> {
    return this.asked(authorization, () => this.captures.capture(url));
  }

  @Post('picture')
  @HttpCode(200)
  async picture(
    @Headers('authorization') authorization: string | undefined,
    @Body({ schema: Asked }) { url }: z.infer<typeof Asked>,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.asked(authorization, () => this.captures.picture(url)));
  }

  private async asked<Result>(authorization: string | undefined, ask: () => Promise<Result>): Promise<Result> {
    if (!timingSafeEqual(digestOf(authorization ?? ''), this.expected))
      throw new Problem(401, 'wrong-secret', 'The fetcher answers only those who have its FETCHER_SECRET.');
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      throw new Problem(statuses[error.code] ?? 422, error.code, error.message);
    }
  }
}

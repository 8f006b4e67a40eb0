import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const Live = z.object({ status: z.literal('live') }).meta({ id: 'Live' });

/** Answers while the process runs; a process that can no longer work exits. */
@ApiTags('health')
@Controller('health')
export class LivenessController {
  @Get('live')
  @ApiOkResponse({ standardSchema: Live })
  live() {
    return { status: 'live' };
  }
}

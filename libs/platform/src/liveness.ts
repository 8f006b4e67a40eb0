import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const Live = z.object({ status: z.literal('live') }).meta({ id: 'Live' });

/** Whether the process answers at all; one that can no longer do its work ends by itself. */
@ApiTags('health')
@Controller('health')
export class LivenessController {
  @Get('live')
  @ApiOkResponse({ standardSchema: Live })
  live() {
    return { status: 'live' };
  }
}

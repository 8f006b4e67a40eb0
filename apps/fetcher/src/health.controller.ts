import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const Ready = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' });

@ApiTags('health')
@Controller('health')
/** Readiness of the fetcher: it needs no other process, so it is ready while it answers. */
export class HealthController {
  @Get('ready')
  @ApiOkResponse({ standardSchema: Ready })
  ready() {
    return { status: 'ready' };
  }
}

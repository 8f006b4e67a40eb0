import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { PublicUrl } from '../http/public-url.js';
import { asyncApi } from './async-api.js';

@ApiTags('docs')
@Controller('asyncapi.json')
export class AsyncApiController {
  constructor(private readonly publicUrl: PublicUrl) {}

  @Get()
  @ApiOperation({ summary: 'What can be followed, as AsyncAPI 3: the live stream and the topics of the log' })
  @ApiOkResponse({ schema: { type: 'object' } })
  document(@Req() request: Request): object {
    return asyncApi(this.publicUrl.of(request));
  }
}

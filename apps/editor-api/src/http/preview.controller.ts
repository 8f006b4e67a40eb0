import { Allow, AuthGuard, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Preview, PreviewBody, previewOf } from '../reads/preview.js';
import { CommandProcessor } from '../commands/processor.js';
import { problem } from './route.js';

@Controller('preview')
@UseGuards(AuthGuard)
@ApiTags('desk')
@ApiBearerAuth()
/** Shows an editor how readers would see a draft. It records nothing. */
export class PreviewController {
  constructor(private readonly processor: CommandProcessor) {}

  @Post()
  @HttpCode(200)
  @Allow(['reporter', 'editor'])
  @ApiOperation({ summary: 'Preview what readers would see of a content; nothing is recorded' })
  @ApiOkResponse({ standardSchema: Preview })
  @problem(401, 'The token is missing or invalid.')
  @problem(403, 'The token’s roles do not allow this.')
  preview(@Body({ schema: PreviewBody }) body: PreviewBody, @Req() { principal }: Authenticated): Preview {
    return previewOf(body, this.processor.view(), principal, this.processor.now());
  }
}

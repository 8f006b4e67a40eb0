import { isRefusal } from '#domain';
import { Allow, AuthGuard, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Preview, PreviewBody, previewOf } from '../desk/preview.js';
import { Desk } from '../newsroom/desk.js';
import { refused } from './answer.js';
import { problem } from './route.js';

@Controller('preview')
@UseGuards(AuthGuard)
@ApiTags('desk')
@ApiBearerAuth()
export class PreviewController {
  constructor(private readonly desk: Desk) {}

  @Post()
  @HttpCode(200)
  @Allow(['reporter', 'editor'])
  @ApiOperation({ summary: 'What readers would see of a content; nothing is recorded' })
  @ApiOkResponse({ standardSchema: Preview })
  @problem(401, 'No valid token.')
  @problem(403, 'The token’s roles do not allow it.')
  @problem(422, 'A field does not hold what is allowed; each is named.')
  preview(
    @Body({ schema: PreviewBody }) { content }: z.infer<typeof PreviewBody>,
    @Req() { principal }: Authenticated,
  ): Preview {
    const preview = previewOf(content, this.desk.view(), principal, this.desk.now());
    if (isRefusal(preview)) throw refused(preview);
    return preview;
  }
}

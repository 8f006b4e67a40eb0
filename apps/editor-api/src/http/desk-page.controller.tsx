import type { DeskPage } from '#contract';
import { StoryId } from '#domain';
import { asset, KindIcons, kindShapes, renderDocument, sendPage } from '#pages';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { CommandProcessor } from '../commands/processor.js';

/** Injects the public base URL of the reader API, as editors' browsers reach it; null if none is set. */
export const READERS = Symbol('readers');

/** Serves the desk's page. The page contains no newsroom data: every read of it needs the token, which never reaches this route. */
@Controller('desk')
@ApiExcludeController()
export class DeskController {
  constructor(
    @Inject(READERS) private readonly reader: string | null,
    private readonly processor: CommandProcessor,
  ) {}

  @Get()
  stories(@Res() response: Response): void {
    this.send(null, response);
  }

  @Get(':story')
  story(@Param('story', { schema: StoryId }) story: string, @Res() response: Response): void {
    this.send(story, response);
  }

  private send(story: string | null, response: Response): void {
    const page: DeskPage = { story, reader: this.reader, answersWithinMs: this.processor.settleTimeoutMs };
    const style = asset('desk-style');
    const head = {
      ...({ title: 'Desk', language: 'en', dir: 'ltr', script: 'desk' } as const),
      state: { ...page, kinds: kindShapes },
      more: <link rel="stylesheet" href={style.url} integrity={style.integrity} />,
    };
    const body = (
      <>
        <KindIcons />
        <div id="desk">
          <noscript>
            <main>
              <h1>Desk</h1>
              <p>The desk needs JavaScript. Without it, use the editor API, which offers the same acts: see /docs.</p>
            </main>
          </noscript>
        </div>
      </>
    );
    response.setHeader('Cache-Control', 'no-cache');
    sendPage(response, renderDocument(head, body), 200, this.reader === null ? [] : [new URL(this.reader).origin]);
  }
}

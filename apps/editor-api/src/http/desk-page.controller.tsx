import type { DeskPage } from '#contract';
import { StoryId } from '#domain';
import { asset, KindIcons, kindShapes, renderDocument, sendPage } from '#pages';
import { isLoopback } from '#platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CommandProcessor } from '../commands/processor.js';

/** Injects the desk's settings. */
export const DESK = Symbol('desk');

/** The parts of the desk that the settings decide. */
export interface DeskSettings {
  /** The public base URL of the reader API, as editors' browsers reach it; null if none is set. */
  readonly reader: string | null;
  /** Whether tokens of the local key are accepted. */
  readonly pasted: boolean;
  /** How many feeds may be open, in all and for one person; and how long one may leave its data unread, in milliseconds. */
  readonly feeds: { readonly most: number; readonly mostEach: number; readonly patienceMs: number };
  /** Whether people sign in at an issuer. */
  readonly issuer?: boolean;
  /** Whether authors' keys are certified. */
  readonly signs?: boolean;
  /** Whether the newsroom has a fetcher. */
  readonly captures?: boolean;
}

/** Serves the desk's page. The page contains no newsroom data: every read of it needs a session or a token, which this route ignores. */
@Controller('desk')
@ApiExcludeController()
export class DeskController {
  constructor(
    @Inject(DESK) private readonly desk: DeskSettings,
    private readonly processor: CommandProcessor,
  ) {}

  @Get()
  stories(@Req() request: Request, @Res() response: Response): void {
    this.send(null, request, response);
  }

  @Get(':story')
  story(@Param('story', { schema: StoryId }) story: string, @Req() request: Request, @Res() response: Response): void {
    this.send(story, request, response);
  }

  @Get(':story/machines')
  machines(
    @Param('story', { schema: StoryId }) story: string,
    @Req() request: Request,
    @Res() response: Response,
  ): void {
    this.send(story, request, response, 'machines');
  }

  private send(
    story: string | null,
    { hostname }: Request,
    response: Response,
    shows: DeskPage['page'] = 'desk',
  ): void {
    const { reader, issuer, pasted, signs = false, captures = false } = this.desk;
    // An address of another machine means that the desk is not on the person's own.
    const own = pasted && isLoopback(hostname.replace(/^\[|\]$/g, ''));
    const signIn = issuer ? 'issuer' : own ? 'token' : 'none';
    const answersWithinMs = this.processor.settleTimeoutMs;
    const page: DeskPage = { story, page: shows, reader, answersWithinMs, signIn, signs, captures };
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
    const connect = reader === null ? [] : [new URL(reader).origin];
    // The desk takes the poster of a video from the file that an editor chose.
    sendPage(response, renderDocument(head, body), 200, { connect, media: ['blob:'] });
  }
}

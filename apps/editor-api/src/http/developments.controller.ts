import { DevelopmentId, Link, StoryId } from '#domain';
import { Body, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ChangeEmbargo, ChangeEmbargoBody } from '../commands/change-embargo.js';
import type { Development, Envelope } from '../commands/command.js';
import { CorrectDevelopment, CorrectDevelopmentBody } from '../commands/correct-development.js';
import { DisputeDevelopment, DisputeDevelopmentBody } from '../commands/dispute-development.js';
import { LiftEmbargo } from '../commands/lift-embargo.js';
import { LinkDevelopment } from '../commands/link-development.js';
import { MarkKey } from '../commands/mark-key.js';
import { PinDevelopment } from '../commands/pin-development.js';
import { ProposeRetraction, ProposeRetractionBody } from '../commands/propose-retraction.js';
import { ProposeTakedown, ProposeTakedownBody } from '../commands/propose-takedown.js';
import { RetractDevelopment, RetractDevelopmentBody } from '../commands/retract-development.js';
import { SupersedeDevelopment, SupersedeDevelopmentBody } from '../commands/supersede-development.js';
import { UnlinkDevelopment } from '../commands/unlink-development.js';
import { UnmarkKey } from '../commands/unmark-key.js';
import { UnpinDevelopment } from '../commands/unpin-development.js';
import { VerifyDevelopment, VerifyDevelopmentBody } from '../commands/verify-development.js';
import { Commanding } from './commanding.js';
import { Enveloped } from './envelope.js';
import { Commands, PostCommand } from './route.js';

const Target = z.object({ story: StoryId, development: DevelopmentId });
const OnTarget = () => Param({ schema: Target });

@Commands('stories/:story/developments/:development')
export class DevelopmentsController extends Commanding {
  @PostCommand('correct', 'Correct it in public')
  correct(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: CorrectDevelopmentBody }) body: z.infer<typeof CorrectDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new CorrectDevelopment(envelope, target, body), response);
  }

  @PostCommand('retract', 'Retract it; what it had superseded stands again')
  retract(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: RetractDevelopmentBody }) body: z.infer<typeof RetractDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new RetractDevelopment(envelope, target, body), response);
  }

  @PostCommand('propose-retraction', 'Propose its retraction, for another editor to approve')
  proposeRetraction(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: ProposeRetractionBody }) body: z.infer<typeof ProposeRetractionBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ProposeRetraction(envelope, target, body), response);
  }

  @PostCommand('propose-takedown', 'Propose that its words be destroyed, for an editor or a lawyer to approve', [
    'editor',
    'legal',
  ])
  proposeTakedown(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: ProposeTakedownBody }) body: z.infer<typeof ProposeTakedownBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ProposeTakedown(envelope, target, body), response);
  }

  @PostCommand('supersede', 'Say that another development replaces it')
  supersede(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: SupersedeDevelopmentBody }) body: z.infer<typeof SupersedeDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new SupersedeDevelopment(envelope, target, body), response);
  }

  @PostCommand('verify', 'Confirm it')
  verify(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: VerifyDevelopmentBody }) body: z.infer<typeof VerifyDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new VerifyDevelopment(envelope, target, body), response);
  }

  @PostCommand('dispute', 'Say that it is disputed')
  dispute(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: DisputeDevelopmentBody }) body: z.infer<typeof DisputeDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new DisputeDevelopment(envelope, target, body), response);
  }

  @PostCommand('pin', 'Pin it; the one pinned before is unpinned')
  pin(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new PinDevelopment(envelope, target, {}), response);
  }

  @PostCommand('unpin', 'Unpin it')
  unpin(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new UnpinDevelopment(envelope, target, {}), response);
  }

  @PostCommand('mark-key', 'Mark it as a key event')
  markKey(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new MarkKey(envelope, target, {}), response);
  }

  @PostCommand('unmark-key', 'Take the mark off')
  unmarkKey(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new UnmarkKey(envelope, target, {}), response);
  }

  @PostCommand('embargo', 'Change its embargo')
  changeEmbargo(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: ChangeEmbargoBody }) body: z.infer<typeof ChangeEmbargoBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ChangeEmbargo(envelope, target, body), response);
  }

  @PostCommand('lift', 'Lift its embargo: readers can read it from then on')
  lift(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new LiftEmbargo(envelope, target, {}), response);
  }

  @PostCommand('link', 'Link it to another development of the story')
  link(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: Link }) body: Link,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new LinkDevelopment(envelope, target, body), response);
  }

  @PostCommand('unlink', 'Take a link off')
  unlink(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: Development,
    @Body({ schema: Link }) body: Link,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new UnlinkDevelopment(envelope, target, body), response);
  }
}

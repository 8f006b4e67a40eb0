import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Development } from './command.js';
import { EmbargoBody, overAlready } from './embargo.js';

export const ChangeEmbargoBody = EmbargoBody.meta({ id: 'ChangeEmbargo', description: 'The embargo as it should be.' });

export class ChangeEmbargo extends EditorCommand<Development, z.infer<typeof ChangeEmbargoBody>> {
  readonly does = 'change-embargo';
}

@CommandHandler(ChangeEmbargo)
export class ChangeEmbargoHandler extends OnStory<ChangeEmbargo> {
  decision = ({ target, body }: ChangeEmbargo) =>
    overAlready(body, []) ?? decisions.changeEmbargo({ development: target.development, ...body });
}

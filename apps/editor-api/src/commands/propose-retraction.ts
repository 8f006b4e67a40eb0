import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Development } from './command.js';

export const ProposeRetractionBody = z
  .strictObject({ reason: Text(1_000).meta({ description: 'What readers are told of why, once it is approved.' }) })
  .meta({ id: 'ProposeRetraction' });

export class ProposeRetraction extends EditorCommand<Development, z.infer<typeof ProposeRetractionBody>> {
  readonly does = 'propose-retraction';
}

@CommandHandler(ProposeRetraction)
export class ProposeRetractionHandler extends OnStory<ProposeRetraction> {
  decision = ({ target, body }: ProposeRetraction) =>
    decisions.proposeRetraction({ development: target.development, told: body, as: 'editor' });
}

import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Development } from './command.js';

export const DisputeDevelopmentBody = z.strictObject({ reason: Text(1_000) }).meta({ id: 'DisputeDevelopment' });

export class DisputeDevelopment extends EditorCommand<Development, z.infer<typeof DisputeDevelopmentBody>> {
  readonly does = 'dispute-development';
}

@CommandHandler(DisputeDevelopment)
export class DisputeDevelopmentHandler extends OnStory<DisputeDevelopment> {
  decision = ({ target, body }: DisputeDevelopment) =>
    decisions.dispute({ development: target.development, told: body });
}

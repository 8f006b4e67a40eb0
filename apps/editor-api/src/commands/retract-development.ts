import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Development } from './command.js';

export const RetractDevelopmentBody = z.strictObject({ reason: Text(1_000) }).meta({ id: 'RetractDevelopment' });

export class RetractDevelopment extends EditorCommand<Development, z.infer<typeof RetractDevelopmentBody>> {
  readonly does = 'retract-development';
}

@CommandHandler(RetractDevelopment)
export class RetractDevelopmentHandler extends OnStory<RetractDevelopment> {
  decision = ({ target, body }: RetractDevelopment) =>
    decisions.retract({ development: target.development, told: body });
}

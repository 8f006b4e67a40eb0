import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Development } from './command.js';

export const VerifyDevelopmentBody = z.strictObject({ note: Text(1_000) }).meta({ id: 'VerifyDevelopment' });

export class VerifyDevelopment extends EditorCommand<Development, z.infer<typeof VerifyDevelopmentBody>> {
  readonly does = 'verify-development';
}

@CommandHandler(VerifyDevelopment)
export class VerifyDevelopmentHandler extends OnStory<VerifyDevelopment> {
  decision = ({ target, body }: VerifyDevelopment) => decisions.verify({ development: target.development, told: body });
}

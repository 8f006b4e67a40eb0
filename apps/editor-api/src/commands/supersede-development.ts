import { decisions, DevelopmentId } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Development } from './command.js';

export const SupersedeDevelopmentBody = z.strictObject({ by: DevelopmentId }).meta({ id: 'SupersedeDevelopment' });

export class SupersedeDevelopment extends EditorCommand<Development, z.infer<typeof SupersedeDevelopmentBody>> {
  readonly does = 'supersede-development';
}

@CommandHandler(SupersedeDevelopment)
export class SupersedeDevelopmentHandler extends OnStory<SupersedeDevelopment> {
  decision = ({ target, body }: SupersedeDevelopment) =>
    decisions.supersede({ development: target.development, ...body });
}

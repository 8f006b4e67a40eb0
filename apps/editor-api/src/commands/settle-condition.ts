import { decisions, DevelopmentId, fates, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Condition } from './command.js';

export const SettleConditionBody = z
  .strictObject({ fate: z.enum(fates), reason: Text(1_000), development: DevelopmentId.optional() })
  .meta({ id: 'SettleCondition' });

export class SettleCondition extends EditorCommand<Condition, z.infer<typeof SettleConditionBody>> {
  readonly does = 'settle-condition';
}

@CommandHandler(SettleCondition)
export class SettleConditionHandler extends OnStory<SettleCondition> {
  decision = ({ target, body }: SettleCondition) => decisions.settleCondition({ condition: target.condition, ...body });
}

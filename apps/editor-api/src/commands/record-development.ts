import { Content, decisions, DevelopmentId, isRefusal, resolveContent } from '#domain';
import { outlined, type Secrets } from '#keys';
import { CommandHandler } from '@nestjs/cqrs';
import { v5 as uuidOf } from 'uuid';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';
import { EditorCommand, OnStory, type Story } from './command.js';
import { EmbargoBody, overAlready } from './embargo.js';

export const RecordDevelopmentBody = z
  .strictObject({
    content: Content,
    supersedes: DevelopmentId.optional().meta({ description: 'For an editor alone.' }),
    key: z.boolean().optional().meta({ description: 'For an editor alone.' }),
    embargo: EmbargoBody.optional(),
  })
  .meta({ id: 'RecordDevelopment' });

// A stored name: for ever. Development ids are made under it.
const namespace = uuidOf('urn:dateline:development', uuidOf.URL);

export class RecordDevelopment extends EditorCommand<Story, z.infer<typeof RecordDevelopmentBody>> {
  readonly does = 'record-development';

  /** The id follows from the story and the key, so a retry names the same development. */
  get development(): string {
    return uuidOf(`${this.target.story}/${this.envelope.command}`, namespace);
  }
}

@CommandHandler(RecordDevelopment)
export class RecordDevelopmentHandler extends OnStory<RecordDevelopment> {
  decision = ({ envelope, development, body }: RecordDevelopment, { directory }: Newsroom, secrets: Secrets) => {
    const over = body.embargo && overAlready(body.embargo, ['embargo']);
    if (over) return over;
    const content = resolveContent(body.content, directory, ['content']);
    if (isRefusal(content)) return content;
    const { supersedes, key, embargo } = body;
    const outline = outlined(content, secrets.get(development));
    const as = envelope.roles.includes('editor') ? 'editor' : 'reporter';
    const told = { content };
    return decisions.recordDevelopment({ development, outline, told, supersedes, key, embargo, as, rules: 2 });
  };
}

import { Content, decisions, DevelopmentId, isRefusal, noStory } from '#domain';
import { outlined, type Secrets } from '#keys';
import { CommandHandler } from '@nestjs/cqrs';
import { v5 as uuidOf } from 'uuid';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';
import { EditorCommand, OnStory, type Story } from './command.js';
import { EmbargoBody, overAlready } from './embargo.js';
import { languageOf, newContent } from './new-content.js';

export const RecordDevelopmentBody = z
  .strictObject({
    content: Content,
    supersedes: DevelopmentId.optional().meta({ description: 'For an editor alone.' }),
    key: z.boolean().optional().meta({ description: 'For an editor alone.' }),
    embargo: EmbargoBody.optional(),
  })
  .meta({ id: 'RecordDevelopment' });

// Stored names never change: development ids are made under them.
const namespace = uuidOf('urn:dateline:development', uuidOf.URL);
const personal = uuidOf('urn:dateline:development-of-person', uuidOf.URL);

export class RecordDevelopment extends EditorCommand<Story, z.infer<typeof RecordDevelopmentBody>> {
  readonly does = 'record-development';

  /**
   * The id follows from the story and the key, so a retry names the same development. Where another person recorded one
   * under that key, it follows from the person too: a key is its author's own.
   */
  developmentIn({ stories }: Pick<Newsroom, 'stories'>): string {
    const { story } = this.target;
    const { command, by } = this.envelope;
    const id = uuidOf(`${story}/${command}`, namespace);
    const held = stories.get(story, noStory).developments.get(id);
    return held && held.by !== by.id ? uuidOf([story, command, by.id].join('\n'), personal) : id;
  }
}

@CommandHandler(RecordDevelopment)
export class RecordDevelopmentHandler extends OnStory<RecordDevelopment> {
  decision = (command: RecordDevelopment, newsroom: Newsroom, secrets: Secrets) => {
    const { envelope, target, body } = command;
    const over = body.embargo && overAlready(body.embargo, ['embargo']);
    if (over) return over;
    const content = newContent(body.content, newsroom.directory, languageOf(newsroom, target.story));
    if (isRefusal(content)) return content;
    const { supersedes, key, embargo } = body;
    const development = command.developmentIn(newsroom);
    const outline = outlined(content, secrets.get(development));
    const as = envelope.roles.includes('editor') ? 'editor' : 'reporter';
    const told = { content };
    return decisions.recordDevelopment({ development, outline, told, supersedes, key, embargo, as, rules: 2 });
  };
}

import { decisions, isZoneName, StoryId, StoryProfile } from '#domain';
import { bcp47 } from '#pages';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Story } from './command.js';

const { zone, language } = StoryProfile.shape;

/** Stories that were opened before may have an offset for a zone, and any text for a language. */
const profile = {
  ...StoryProfile.shape,
  zone: zone.refine(isZoneName, 'must be the name of an IANA time zone such as Europe/Berlin, not an offset'),
  language: language
    .refine(
      tag => tag === undefined || (bcp47(tag) !== undefined && !tag.includes('_')),
      'must be a BCP 47 language tag such as en, pt-BR or zh-Hans',
    )
    .meta({ description: 'A BCP 47 tag; it is recorded in its canonical form.' }),
};

export const OpenStoryBody = z.strictObject({ id: StoryId, ...profile }).meta({ id: 'OpenStory' });

export class OpenStory extends EditorCommand<Story, StoryProfile> {
  readonly does = 'open-story';
}

@CommandHandler(OpenStory)
export class OpenStoryHandler extends OnStory<OpenStory> {
  decision = ({ body: { language, ...profile } }: OpenStory) => {
    const tag = bcp47(language);
    return decisions.openStory({ ...profile, ...(tag && { language: tag }) });
  };
}

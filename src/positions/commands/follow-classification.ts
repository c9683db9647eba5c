import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { Classification } from '../classification.js';

/** Takes over a map of sectors and categories that somebody changed in the database. */
export class FollowClassification extends Command<void> {}

@CommandHandler(FollowClassification)
export class FollowClassificationHandler implements ICommandHandler<FollowClassification> {
  constructor(private readonly classification: Classification) {}

  execute(): Promise<void> {
    return this.classification.follow();
  }
}

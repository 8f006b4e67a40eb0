import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { KafkaAdmin } from './admin.js';
import type { KafkaOptions } from './client.js';
import { rights, type AppRights, type TopicRight } from '#rights';
import { visibilityLogOf } from './topic.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

type Operation = 'READ' | 'WRITE' | 'DELETE' | 'DESCRIBE_CONFIGS';

/**
 * Grants each process the rights of the table in `#rights`, on a cluster that denies everything else: only the editor-api may append to the log, and
 * only the projector to the visibility log. The connection's user must be allowed to alter the cluster. Idempotent.
 */
export async function grantAccess(log: KafkaOptions): Promise<void> {
  const admin = new KafkaAdmin(log);
  const entries = Object.entries<AppRights>(rights).flatMap(([name, { topics }]) =>
    typeof topics === 'string'
      ? []
      : [
          ...onTopic(name, log.topic, topics.log),
          ...onTopic(name, visibilityLogOf(log).topic, topics.visibility),
          ...onReaders(name, log.topic),
        ],
  );
  try {
    await admin.run((a: Admin) => a.createAcls({ acl: entries }));
  } finally {
    await admin.close();
  }
}

function onTopic(name: string, topic: string, operations: readonly TopicRight[]): AclEntry[] {
  if (operations.length === 0) return [];
  const place = { resourceType: AclResourceTypes.TOPIC, resourceName: topic };
  // The topic's settings are checked at every start.
  return [...operations, 'DESCRIBE_CONFIGS' as const].map(operation => entry(name, operation, place));
}

/** Every read of a topic uses a temporary consumer group, named after the topic, and deletes it at the end. */
function onReaders(name: string, topic: string): AclEntry[] {
  const place = { resourceType: AclResourceTypes.GROUP, resourceName: `${topic}.` };
  return (['READ', 'DELETE'] as const).map(operation => ({
    ...entry(name, operation, place),
    resourcePatternType: ResourcePatternTypes.PREFIXED,
  }));
}

const entry = (name: string, operation: Operation, place: Pick<AclEntry, 'resourceType' | 'resourceName'>) => ({
  ...place,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${name}`,
  host: '*',
  operation: AclOperationTypes[operation],
  permissionType: AclPermissionTypes.ALLOW,
});

import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { KafkaAdmin } from './admin.js';
import type { KafkaOptions } from './client.js';
import { rights, type AppRights, type TopicRight } from '#rights';
import { visibilityLogOf } from './topic.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

type Operation = 'READ' | 'WRITE' | 'DELETE' | 'DESCRIBE_CONFIGS';

/**
 * Grants each process the rights of the table in `#rights` on the two topics and the groups of their readers, and takes away what else it had
 * there, on a cluster that denies everything else: only the editor-api may append to the log, and only the projector to the visibility
 * log. The connection's user must be allowed to alter the cluster. Idempotent.
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
    await admin.run(async (a: Admin) => {
      await a.createAcls({ acl: entries });
      const kept = new Set(entries.map(keyOf));
      const others = (await heldOn(a, log)).filter(each => !kept.has(keyOf(each)));
      if (others.length > 0) await a.deleteAcls({ filters: others });
    });
  } finally {
    await admin.close();
  }
}

/** What the apps' users hold on the two topics and the groups of their readers, for example from an earlier version. */
async function heldOn(admin: Admin, log: KafkaOptions): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  const ours = [log.topic, visibilityLogOf(log).topic, `${log.topic}.`];
  const users = Object.keys(rights).map(name => `User:${name}`);
  return resources
    .filter(({ resourceName }) => ours.includes(resourceName))
    .flatMap(({ acls, ...resource }) => acls.map(acl => ({ ...resource, ...acl })))
    .filter(({ principal }) => users.includes(principal));
}

const keyOf = ({ principal, resourceType, resourceName, resourcePatternType, operation, ...rest }: AclEntry) =>
  [principal, resourceType, resourceName, resourcePatternType, operation, rest.host, rest.permissionType].join(' ');

function onTopic(name: string, topic: string, operations: readonly TopicRight[]): AclEntry[] {
  if (operations.length === 0) return [];
  const place = { resourceType: AclResourceTypes.TOPIC, resourceName: topic };
  // The topic's settings are checked at every start, and again while a process runs.
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

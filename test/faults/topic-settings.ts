import kafkajs, { type Admin } from 'kafkajs';

/** Changes settings of a running topic that was safe, as an administrator could. */
export async function changeTopic(
  admin: Admin,
  topic: string,
  changed: Readonly<Record<string, string>>,
): Promise<void> {
  // Kafka sets back to its defaults what is not named.
  const safe = { 'compression.type': 'uncompressed', 'max.message.bytes': '1048576', 'retention.ms': '-1' };
  const configEntries = Object.entries({ ...safe, ...changed }).map(([name, value]) => ({ name, value }));
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
}

/** Settings with which records could be lost. */
export const unsafeSettings: readonly [name: string, value: string][] = [
  ['retention.ms', '604800000'],
  ['cleanup.policy', 'compact'],
];

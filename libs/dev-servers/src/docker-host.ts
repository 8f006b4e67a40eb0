/** The address at which a client reaches the Docker engine. */
export interface EngineAddress {
  readonly socketPath?: string;
  readonly host?: string;
}

/** Whether this is the engine that a DOCKER_HOST such as unix:///path or tcp://host:port names; true where that is unknown. */
export function isNamed({ socketPath, host }: EngineAddress, dockerHost: string): boolean {
  const url = URL.parse(dockerHost);
  if (url?.protocol === 'unix:') return socketPath === url.pathname;
  return url?.protocol === 'tcp:' ? host === url.hostname : true;
}

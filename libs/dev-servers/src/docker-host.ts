/** Where a client of the Docker engine connects to. */
export interface EngineAddress {
  readonly socketPath?: string;
  readonly host?: string;
}

/** Whether that is the engine which a DOCKER_HOST such as unix:///path or tcp://host:port names; true where it cannot be told. */
export function isNamed({ socketPath, host }: EngineAddress, dockerHost: string): boolean {
  const url = URL.parse(dockerHost);
  if (url?.protocol === 'unix:') return socketPath === url.pathname;
  return url?.protocol === 'tcp:' ? host === url.hostname : true;
}

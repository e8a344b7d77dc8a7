import Docker from 'dockerode';

/** Pulls an image to a host, and waits until it is there. */
export async function pull(dockerUrl: string, image: string): Promise<void> {
  const { hostname, port } = new URL(dockerUrl);
  const docker = new Docker({ host: hostname, port: Number(port), protocol: 'http' });
  const stream = await docker.pull(image);
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error === null ? resolve(null) : reject(error))),
  );
}
